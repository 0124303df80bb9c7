//! Which dumped object a place of a text is in.

use super::pair::ends_with_ignoring_case;

/// The objects of a text: where each begins, as a dump or JSON opens it.
pub struct Scopes {
    /// Where the innermost open object changes, and where that object begins.
    changes: Vec<(usize, Option<usize>)>,
}

impl Scopes {
    pub fn of(text: &str) -> Self {
        let (mut open, mut changes) = (Vec::new(), Vec::new());
        for at in memchr::memchr2_iter(b'{', b'}', text.as_bytes()) {
            if text.as_bytes()[at] == b'{' {
                open.push(at);
            } else {
                open.pop();
            }
            changes.push((at, open.last().copied()));
        }
        Self { changes }
    }

    /// Where the innermost object around a place begins.
    pub fn around(&self, at: usize) -> Option<usize> {
        let after = self.changes.partition_point(|(change, _)| *change <= at);
        self.changes.get(after.checked_sub(1)?)?.1
    }
}

/// Whether the object that begins here is the value of a name such as `err`: a logger puts the error below its own words.
pub fn is_an_errors(text: &str, start: usize) -> bool {
    let name = text[..start].trim_end_matches([' ', ':', '=', '>', '"', '\'', '\\', '\n']);
    ["err", "error", "exception", "cause", "reason"].iter().any(|word| ends_with_ignoring_case(name, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_in_the_object_that_was_opened_last() {
        let text = r#"{"msg":"m","err":{"code":"c"},"more":1} x"#;
        let scopes = Scopes::of(text);
        let around = |part: &str| scopes.around(text.find(part).unwrap_or_default());
        let inner = text.rfind('{');
        assert_eq!([around("msg"), around("code"), around("more"), around("x")], [Some(0), inner, Some(0), None]);
        assert!(is_an_errors(text, inner.unwrap_or_default()) && !is_an_errors(text, 0));
    }
}
