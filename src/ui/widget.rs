//! Parts that several screens are built of. They know styles and signs, and nothing of the model.

pub mod grid;
pub mod list;
pub mod popup;
pub mod table;
