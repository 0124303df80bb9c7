//! What the menus offer: a key and its words, for drawing and for keys.

use crate::domain::column::Column;
use crate::store::By;

/// What can be copied or written.
pub const COPY: &[(char, &str)] = &[
    ('y', "RequestId"),
    ('a', "all ids"),
    ('j', "JSON"),
    ('c', "curl"),
    ('t', "ticket"),
    ('w', "ticket file"),
    ('e', "evidence file"),
];

/// What rows can be sorted by.
pub const SORT: &[(char, Column)] = &[
    ('t', Column::Time),
    ('s', Column::Status),
    ('c', Column::Code),
    ('m', Column::Message),
    ('i', Column::RequestId),
    ('q', Column::Request),
    ('o', Column::Operation),
    ('l', Column::Took),
    ('u', Column::Sure),
    ('v', Column::Cause),
    ('r', Column::Region),
    ('p', Column::Profile),
    ('n', Column::Node),
];

/// What rows can be grouped by. The first is the key that opens the list, too.
pub const GROUP: &[(char, By)] = &[
    ('c', By::Failure),
    ('o', By::CodeAndMessage),
    ('v', By::Cause),
    ('b', By::Bucket),
    ('r', By::Region),
    ('s', By::Status),
    ('n', By::Node),
    ('p', By::Profile),
    ('h', By::Hour),
];
