//! What was asked for, made into what it means: one [`Settings`] out of flags, environment and file. Nothing
//! is sent with a half-read configuration. Errors and remarks are data; `text` has the words.

mod aws;
mod connection;
mod coscli;
mod coscmd;
mod credential_chain;
mod credential_process;
mod credentials;
mod environment;
pub(crate) mod error;
pub mod file;
pub(crate) mod flags;
mod ini_file;
mod origin;
mod profile_selection;
pub(crate) mod profiles;
pub(crate) mod provider_status;
pub(crate) mod remark;
pub mod save;
pub(crate) mod screen;
pub(crate) mod secrets;
mod settings;
mod text_file;

pub use environment::{Environment, history_file, locale_language, path};
pub use flags::Flags;
pub use provider_status::{absent_credentials, provider_status};
pub use settings::{Appearance, Settings, header_pair, language, load};
