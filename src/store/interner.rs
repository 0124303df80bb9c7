//! Values that many rows share, each kept once.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

/// Distinct values, found by number and numbered by value.
#[derive(Clone, Debug)]
pub struct Interner<T> {
    values: Vec<T>,
    places: HashMap<T, u32>,
}

impl<T> Default for Interner<T> {
    fn default() -> Self {
        Self { values: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Interner<T> {
    /// The number of a value, which is kept from now on.
    pub fn place(&mut self, value: &T) -> u32 {
        self.places.get(value).copied().unwrap_or_else(|| self.keep(value.clone()))
    }

    fn keep(&mut self, value: T) -> u32 {
        let place = index(self.values.len());
        self.values.push(value.clone());
        self.places.insert(value, place);
        place
    }

    /// The value of a number that [`Self::place`] returned.
    pub fn get(&self, place: u32) -> &T {
        &self.values[place as usize]
    }

    /// Every value once.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.values.iter()
    }
}

impl Interner<Arc<str>> {
    /// The number of a text, which is copied when it is new only.
    pub fn place_text(&mut self, text: &str) -> u32 {
        self.places.get(text).copied().unwrap_or_else(|| self.keep(Arc::from(text)))
    }

    /// The same of a text that is often the one of this number: to compare is faster than to look up.
    pub fn place_text_like(&mut self, text: &str, last: Option<u32>) -> u32 {
        last.filter(|last| self.text(*last) == text).unwrap_or_else(|| self.place_text(text))
    }

    /// The text of a number that [`Self::place_text`] returned.
    pub fn text(&self, place: u32) -> &str {
        self.get(place)
    }
}

/// A length as a row number; four billion rows are more than memory holds.
pub fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
