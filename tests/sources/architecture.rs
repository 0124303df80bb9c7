//! What the sources use of each other: no loops between files, and the picture of `src/lib.rs`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use crate::imports::Imports;

/// Rooms whose files do not use each other in a loop.
const WITHOUT_LOOPS: &[&str] =
    &["cli", "config", "diagnosis", "domain", "engine", "import", "report", "sandbox", "sign", "store", "text", "ui"];

#[test]
fn no_file_is_used_by_what_it_uses() {
    let imports = Imports::read();
    for room in WITHOUT_LOOPS {
        let loops = imports.loops(room);
        assert!(loops.is_empty(), "in {room} these uses make a loop:\n{}", loops.join("\n"));
    }
}

/// Any room may use these: they use nothing themselves.
const LEAVES: &[&str] = &["text/sanitize.rs", "text/width.rs"];

/// The lines `room -> other, …` of the crate's documentation are the imports as they are, and each room uses
/// only those below it.
#[test]
fn the_picture_of_the_rooms_is_true() {
    let text = fs::read_to_string(crate::sources::source_root().join("lib.rs")).expect("a file");
    let lines = text.lines().filter_map(|line| line.strip_prefix("//! ")?.split_once("->"));
    let drawn: Vec<(String, BTreeSet<String>)> = lines
        .map(|(room, others)| {
            let others = others.split(',').map(|other| other.trim().to_owned()).filter(|other| !other.is_empty());
            (room.trim().to_owned(), others.collect())
        })
        .collect();
    let imports = Imports::read();
    let rooms = imports.rooms();
    let mut true_picture = String::new();
    for (room, _) in &drawn {
        let others: Vec<_> = rooms.get(room).into_iter().flatten().map(String::as_str).collect();
        let _ = writeln!(true_picture, "//! {room:<9} -> {}", others.join(", "));
    }
    for (place, (room, others)) in drawn.iter().enumerate() {
        assert_eq!(
            *others,
            rooms.get(room).cloned().unwrap_or_default(),
            "{room} uses others than src/lib.rs says, which are:\n{true_picture}"
        );
        let is_above = |other: &str| drawn[..place].iter().any(|(above, _)| above == other);
        let up = imports.edges.keys().filter(|(from, to)| {
            Imports::room(from) == room && is_above(Imports::room(to)) && !LEAVES.contains(&to.as_str())
        });
        let up: Vec<_> = up.collect();
        assert!(up.is_empty(), "src/lib.rs draws {room} below what it uses here: {up:?}");
    }
    let used: Vec<_> = imports.edges.keys().filter(|(from, _)| LEAVES.contains(&from.as_str())).collect();
    assert!(used.is_empty(), "{used:?}");
    let missing: Vec<_> = rooms.keys().filter(|room| drawn.iter().all(|(drawn, _)| drawn != *room)).collect();
    assert!(missing.is_empty(), "src/lib.rs does not draw {missing:?}");
}
