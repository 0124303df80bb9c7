//! How secrets are spelled in pasted text: the names, what stands between a name and its value, and
//! what a value consists of. Pieces of regular expressions, as data.

/// Names whose value is secret whatever it looks like. A name may have a prefix, separated by a mark: a
/// code such as `InvalidSecurityToken` is not a name.
pub const NAMES: &str = concat!(
    r"q-signature|x-amz-signature|x-amz-credential|ossaccesskeyid|signatureprovided|token-\d{1,2}",
    r"|[A-Za-z0-9_.-]*(?:secret[_.-]?(?:access[_.-]?)?key|access[_.-]?key[_.-]?secret)",
    r"|(?:[A-Za-z0-9_.-]*[_.-]|tmp|x(?:cos|ci|amz))?(?:session|security)[_.-]?token",
    r"|x-(?:cos|amz)-(?:copy-source-)?server-side-encryption-customer-key(?:-md5)?",
);
/// Words that also stand in plain sentences: only an assigned or a long value is secret.
pub const WORDS: &str = concat!(
    r"(?:[A-Za-z0-9_]+_|(?:access|auth|api|id|refresh)-?)?token",
    r"|secret (?:access )?key|(?:[A-Za-z0-9_]+[_-])?secret|access[_-]?secret|(?:proxy[_-]?)?passw(?:or)?d|sk",
);
/// The same in Chinese, which has no spaces before them.
pub const CHINESE: &str = "密钥|私钥|密码|令牌";
/// Headers whose whole value is secret.
pub const HEADERS: &str = "(?:proxy-)?authorization|(?:set-)?cookie";
/// Elements that hold what was signed, byte by byte, a session token among it.
pub const BYTES: &str = "StringToSignBytes|CanonicalRequestBytes";

/// Where a name may begin: at a word's beginning or after an escape.
pub const START: &str = r"(?:(?-u:\b)|%[0-9A-F]{2}|\\u[0-9A-F]{4}|\\[nrt])";
/// Where a name may begin that other names end with, such as `continuation-token`.
pub const APART: &str = r"(?:^|[^A-Za-z0-9_.-]|%[0-9A-F]{2}|\\u[0-9A-F]{4}|\\[nrt])";

/// A quote, also inside a quoted text, percent-encoded or as an entity.
pub const QUOTE: &str = r#"(?:\\*["'`]|%22|%27|&quot;|&#3[49];)"#;
/// What closes a name: `"`, `']`, `">>`.
pub const CLOSE: &str = r#"(?:\\*["'`\]]|%22|%27|&quot;|&#3[49];|>>|（[^）\s]{1,8}）)*"#;
/// What a language writes before a quoted value: `b`, `Some(`, `[]string{`, `[`, `<<`.
pub const WRAP: &str =
    r"(?:string\(\d+\)|(?:\[\][A-Za-z]+|[A-Za-z_][A-Za-z0-9_.:]*)?[\[({]|<<|&lt;&lt;)?[ \t]*&?[BbUuRr]{0,2}";
/// An assignment: `=`, `=>`, `:=`, and `=` encoded.
pub const EQUALS: &str =
    r"(?:[ \t]*(?:=>|:=|==?|->|＝)[ \t]*|(?:%20)?(?:%3D|%253D)(?:%3E|%20)*|\\u003d|&#(?:61|x3d);|&equals;)";
/// A colon, of either width, and encoded.
pub const COLON: &str = r"(?:[ \t]*[:：][ \t]*|(?:%20)?(?:%3A|%253A)(?:%20|%2520|\+)*|\\u003a|&#(?:58|x3a);|&colon;)";
/// What begins an element's tag, and what ends it: the value follows, perhaps on the next line.
pub const OPEN_TAG: &str = r"(?:<|&lt;|%3C|\\u003c)";
/// The end of a tag.
pub const END_TAG: &str = r"(?:>|&gt;|%3E|\\u003e)(?:\s|\\[nrt])*(?:<!\[CDATA\[)?";
/// From a `name` to the `value` next to it, in XML, YAML and JSON.
pub const PAIR: &str = concat!(
    r"(?:(?:<|&lt;|\\u003c)/[A-Za-z:]+(?:>|&gt;|\\u003e)(?:\s|\\[nrt])*",
    r"(?:<|&lt;|\\u003c)[A-Za-z:]+(?:>|&gt;|\\u003e)(?:\s|\\[nrt])*",
    r#"|,?\s+value[:=][ \t]*|,\s*\\*["']?value\\*["']?\s*[:=]\s*)"#
);

/// A character of a value that stands without quotes: ASCII that separates nothing. JSON may write a slash
/// or any other character with a backslash before it.
pub const VALUE: &str = concat!(
    r#"(?:[[!-~]--[&<>"',;:%\\`]]|\\+/|\\u00(?:2[BbDdFf]|3[0-9Dd]|[4-7][0-9A-Fa-f])"#,
    r"|%[14-9A-Fa-f][0-9A-Fa-f]|%2[134578-9A-Fa-f]|%3[0-9ABDFabdf])"
);
/// A key id of Tencent Cloud, AWS or Alibaba Cloud.
pub const KEY_ID: &str = "(?:AK(?:ID|IA)|ASIA|LTAI)[0-9A-Za-z_-]{12,}";
