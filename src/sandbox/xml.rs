//! The little XML that the store needs: elements with escaped text, and a reader for records.

use quick_xml::events::Event;

/// An element that holds text, which is escaped.
pub(super) fn text(name: &str, value: &str) -> String {
    format!("<{name}>{}</{name}>", quick_xml::escape::escape(value))
}

/// An element that holds elements, which are taken as they are.
pub(super) fn parent(name: &str, inner: &str) -> String {
    format!("<{name}>{inner}</{name}>")
}

/// A whole document with the declaration that COS writes.
pub(super) fn document(root: &str, inner: &str) -> String {
    format!("<?xml version='1.0' encoding='utf-8' ?>\n{}\n", parent(root, inner))
}

/// The elements without children of one record, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Leaves(Vec<(String, String)>);

impl Leaves {
    /// The text of the first element of this name.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}

/// Every element of this name with the leaves below it, at any depth; `None` when the document is
/// empty or not well-formed.
pub(super) fn records(name: &str, document: &[u8]) -> Option<Vec<Leaves>> {
    let mut reader = quick_xml::Reader::from_reader(document);
    reader.config_mut().expand_empty_elements = true;
    let (mut found, mut open): (Vec<Leaves>, Vec<String>) = (Vec::new(), Vec::new());
    // The depth of the record that is being read, and whether the last tag was a start tag.
    let (mut record, mut is_leaf) = (None, false);
    let (mut content, mut has_root) = (String::new(), false);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let local = start.local_name().as_ref().to_owned();
                (has_root, is_leaf) = (true, true);
                content.clear();
                open.push(local);
                if record.is_none() && open.last().is_some_and(|local| local == name) {
                    record = Some(open.len());
                    found.push(Leaves::default());
                }
            }
            Event::Text(text) => content.push_str(&text.xml10_content()),
            Event::CData(text) => content.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                Some(character) => content.push(character),
                None => content.push_str(quick_xml::escape::resolve_predefined_entity(&reference.xml10_content())?),
            },
            Event::End(_) => {
                let closed = open.pop()?;
                match record {
                    Some(depth) if open.len() < depth => record = None,
                    Some(_) if is_leaf => found.last_mut()?.0.push((closed, std::mem::take(&mut content))),
                    _ => {}
                }
                is_leaf = false;
            }
            Event::Eof => return (has_root && open.is_empty()).then_some(found),
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
        let object = parent("Object", &(text("Key", key) + "<VersionId/>"));
        let written = document("Delete", &(text("Quiet", "true") + &object + &object));
        let read = records("Object", written.as_bytes()).expect("a document");
        assert_eq!(read.len(), 2);
        assert_eq!((read[1].get("Key"), read[1].get("VersionId"), read[1].get("None")), (Some(key), Some(""), None));
        assert_eq!(records("Delete", written.as_bytes()).map(|all| all[0].get("Quiet") == Some("true")), Some(true));
        for broken in ["", "text", "<Delete><Key>a</Delete>", "<Delete>", "<a>&unknown;</a>"] {
            assert_eq!(records("Key", broken.as_bytes()), None, "{broken}");
        }
    }
}
