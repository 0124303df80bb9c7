//! The columns of the table of failures, and what their cells need.

use serde::Deserialize;
use strum::{IntoStaticStr, VariantArray};

/// A column, by the name that people know it by; in the order they stand in from left to right.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Column {
    /// The HTTP status; none comes first.
    Status,
    /// The Code, or what stands in its place.
    Code,
    /// The Message.
    Message,
    /// Method, bucket and key.
    Request,
    /// The request id.
    RequestId,
    /// How certain the first verdict is.
    Sure,
    /// When the request began. Rows arrive nearly in this order.
    #[default]
    Time,
    /// How long the last attempt took.
    Took,
    /// The first verdict's cause.
    Cause,
    /// The region.
    Region,
    /// The profile.
    Profile,
    /// The operation.
    Operation,
    /// The access node, inferred from the RequestId.
    Node,
    /// The host that the request went to.
    Host,
}

impl Column {
    /// All of them, in the order of the column chooser.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The columns that every table of at least 56 columns shows.
    #[must_use]
    pub fn is_fixed(self) -> bool {
        matches!(self, Self::Status | Self::Code | Self::Message | Self::RequestId)
    }

    /// Its name in the configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Its head, in English.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Status => "Status",
            Self::Code => "Code",
            Self::Message => "Message",
            Self::Request => "Request",
            Self::RequestId => "RequestId",
            Self::Sure => "Sure",
            Self::Time => "Time",
            Self::Took => "Took",
            Self::Cause => "Cause",
            Self::Region => "Region",
            Self::Profile => "Profile",
            Self::Operation => "Operation",
            Self::Node => "Node",
            Self::Host => "Host",
        }
    }
}

/// The widest cell of each column, in terminal columns, over all rows; 0 where a column is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Of the Codes.
    pub code: u16,
    /// Of the Messages: only whether there is one matters.
    pub message: u16,
    /// Of the request ids.
    pub request_id: u16,
    /// A row has no RequestId.
    pub lacks_id: bool,
    /// Of bucket and key.
    pub target: u16,
    /// A row's request was sent more than once.
    pub retried: bool,
    /// Of the columns that show a text of the row as it is (`Row::own_text`), by their place.
    pub(crate) own: [u16; Column::ALL.len()],
}

impl Content {
    /// Returns the widest cell of a column that shows a text of the row as it is.
    #[must_use]
    pub fn own(&self, column: Column) -> u16 {
        self.own[column as usize]
    }

    /// Returns the same for such a column to be set.
    pub fn own_mut(&mut self, column: Column) -> &mut u16 {
        &mut self.own[column as usize]
    }
}
