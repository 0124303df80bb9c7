//! Just enough XML to speak like the store: elements with escaped text, and a reader for key lists.

use quick_xml::escape::escape;

/// An element that holds text, which is escaped.
pub fn text(name: &str, value: &str) -> String {
    format!("<{name}>{}</{name}>", escape(value))
}

/// An element that holds elements, which are taken as they are.
pub fn parent(name: &str, inner: &str) -> String {
    format!("<{name}>{inner}</{name}>")
}

/// A whole document with the declaration that the store writes.
pub fn document(root: &str, inner: &str) -> String {
    format!("<?xml version='1.0' encoding='utf-8' ?>\n{}\n", parent(root, inner))
}

/// The texts of all elements of one name, at any depth; `None` when the document is not well-formed.
pub fn texts_of(name: &str, document: &[u8]) -> Option<Vec<String>> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_reader(document);
    let mut found = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) if start.name().as_ref() == name => {
                let raw = reader.read_text(start.name()).ok()?.xml10_content().into_owned();
                found.push(quick_xml::escape::unescape(&raw).ok()?.into_owned());
            }
            Event::Eof => return Some(found),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let key = "a <b> & 'c'";
        let written = document("Delete", &parent("Object", &text("Key", key)));
        assert_eq!(texts_of("Key", written.as_bytes()), Some(vec![key.to_owned()]));
        assert_eq!(texts_of("Key", b"<Delete><Key>a</Delete>"), None);
    }
}
