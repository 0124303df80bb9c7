//! The probe prompt: what is typed into its fields.

use tui_input::Input;

/// A field of the prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field {
    /// Buckets, keys, URLs.
    #[default]
    Targets,
    /// Suites and operations.
    What,
    /// Where the buckets are.
    Region,
    /// The profile.
    As,
}

impl Field {
    /// All of them, from top to bottom.
    pub const ALL: [Self; 4] = [Self::Targets, Self::What, Self::Region, Self::As];

    /// The field `by` places after this one.
    #[must_use]
    pub fn turned(self, by: usize) -> Self {
        Self::ALL[(self as usize + by) % Self::ALL.len()]
    }
}

/// The prompt's state.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each its own")]
pub struct Prompt {
    inputs: [Input; 4],
    /// The field that is typed into.
    pub field: Field,
    /// Its whole text is selected: what is typed next takes its place.
    pub whole: bool,
    /// The list of what fits is open, at this place.
    pub list: Option<usize>,
    /// The region was typed, so a profile does not replace it.
    pub region_typed: bool,
    /// Enter was pressed once on requests that write.
    pub confirmed: bool,
    /// Every failure is to be checked.
    pub checks: bool,
    /// A file or the account's list is being read.
    pub waiting: bool,
    /// The search in what was sent earlier, while it is open.
    pub earlier: Option<Earlier>,
}

impl Prompt {
    /// A prompt with these values, the first field entered.
    #[must_use]
    pub fn new(values: [String; 4]) -> Self {
        Self { inputs: values.map(Input::new), whole: true, ..Self::default() }
    }

    /// A field's text and cursor.
    #[must_use]
    pub fn input(&self, field: Field) -> &Input {
        &self.inputs[field as usize]
    }

    /// A field's text.
    #[must_use]
    pub fn value(&self, field: Field) -> &str {
        self.input(field).value().trim()
    }

    /// The field that is typed into.
    pub fn current(&mut self) -> &mut Input {
        &mut self.inputs[self.field as usize]
    }

    /// Puts a text into a field.
    pub fn set(&mut self, field: Field, text: String) {
        self.inputs[field as usize] = Input::new(text);
    }

    /// Goes to a field and selects its text.
    pub fn enter(&mut self, field: Field) {
        (self.field, self.whole, self.list) = (field, true, None);
    }
}

/// The search in what was sent earlier.
#[derive(Debug)]
pub struct Earlier {
    /// What is looked for.
    pub input: Input,
    /// The chosen place among what fits.
    pub cursor: usize,
    /// What can be found: the values of the four fields.
    pub entries: Vec<[String; 4]>,
    /// Which of them are offered.
    pub scope: Scope,
}

/// Which earlier requests are offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// All of them.
    #[default]
    All,
    /// Those to the bucket in the target field.
    Bucket,
    /// Those of the profile in its field.
    Profile,
}

impl Scope {
    /// The scope after this one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::All => Self::Bucket,
            Self::Bucket => Self::Profile,
            Self::Profile => Self::All,
        }
    }
}
