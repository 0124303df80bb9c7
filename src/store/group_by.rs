//! By what rows can be grouped.

/// By what rows are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum By {
    /// They failed the same way: Code, shape of the Message, host, operation, error site.
    #[default]
    Failure,
    /// Code and shape of the Message.
    CodeAndMessage,
    /// The first verdict's cause.
    Cause,
    /// The bucket.
    Bucket,
    /// The region.
    Region,
    /// The HTTP status.
    Status,
    /// The access node that the id tells.
    Node,
    /// The profile.
    Profile,
    /// The hour they were sent in.
    Hour,
}
