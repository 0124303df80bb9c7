//! Where a fact was seen, in the few words that fit in front of it.

use std::borrow::Cow;

use crate::domain::check::CheckKind;
use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::ui::check_columns;

/// The short words for a source as records have it. One that is not known stands as it is.
#[must_use]
pub fn short(from: &str, language: Language) -> Cow<'static, str> {
    [Language::En, Language::Zh]
        .into_iter()
        .find_map(|written| known(from, written, language))
        .unwrap_or_else(|| Cow::Owned(sanitize(from).into_owned()))
}

/// A source that was written in one language, in another.
fn known(from: &str, written: Language, language: Language) -> Option<Cow<'static, str>> {
    let named = |words: Cow<'static, str>| from.strip_prefix(words.as_ref()).filter(|name| !name.is_empty());
    if let Some(name) = named(tell!(written, "check %{name}", name = "")) {
        let kind = name.parse::<CheckKind>().ok();
        let words =
            kind.map_or_else(|| Cow::Owned(sanitize(name).into_owned()), |kind| check_columns::kind(kind, language));
        return Some(tell!(language, "check: %{words}", words = words));
    }
    if let Some(name) = named(tell!(written, "response header %{name}", name = "")) {
        return Some(tell!(language, "%{name} header", name = title_case(&sanitize(name))));
    }
    if let Some(name) = named(tell!(written, "body element %{name}", name = "")) {
        return Some(tell!(language, "body: %{name}", name = sanitize(name)));
    }
    let short: &[(Cow<'static, str>, Cow<'static, str>)] = &[
        (tell!(written, "body"), tell!(language, "body")),
        (tell!(written, "response"), tell!(language, "response")),
        (tell!(written, "response headers"), tell!(language, "headers")),
        (tell!(written, "request headers"), tell!(language, "sent headers")),
        (tell!(written, "client exception"), tell!(language, "no answer")),
        (tell!(written, "this machine's clock"), tell!(language, "clock here")),
        (tell!(written, "RequestId (inferred)"), "RequestId".into()),
        (tell!(written, "list of regions"), tell!(language, "regions")),
        (tell!(written, "the same request as GET"), tell!(language, "as GET")),
        (tell!(written, "what usually does that"), tell!(language, "usually")),
    ];
    short.iter().find(|(long, _)| long == from).map(|(_, short)| short.clone())
}

/// `x-cos-request-id` as people write it: `Date`, `Server`; names that begin with `x-` stay.
fn title_case(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) if !name.starts_with("x-") => first.to_uppercase().chain(chars).collect(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_short_in_either_language_whatever_the_record_was_written_in() {
        for (from, english) in [
            ("response header date", "Date header"),
            ("check anonymous", "check: no signature"),
            ("body element FormatString", "body: FormatString"),
            ("what usually does that", "usually"),
            ("code book", "code book"),
            ("response headers", "headers"),
        ] {
            assert_eq!(short(from, Language::En), english);
        }
        let chinese = tell!(Language::Zh, "check %{name}", name = "service-list");
        assert_eq!(short(&chinese, Language::En), "check: the list of buckets");
        assert_eq!(short("check service-list", Language::Zh), short(&chinese, Language::Zh));
    }
}
