//! Which source file uses items of which other one, read from the sources.
//!
//! A file uses another when it names an item of it: in a `use`, or by a path in its code. What is
//! re-exported counts for the file that it is defined in, and a `mod` or a re-export alone is no use.
//! Code for tests does not count.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::sources::{source_root, sources};

/// A path as its segments.
type Segments = Vec<String>;

/// One `use` of one name.
struct Use {
    path: Segments,
    alias: String,
    exported: bool,
    /// The inline modules that it stands in.
    inside: Segments,
}

/// What is read of one file.
#[derive(Default)]
struct SourceFile {
    uses: Vec<Use>,
    /// Paths in the code, with the inline modules that they stand in.
    paths: Vec<(Segments, Segments)>,
    /// Modules that are declared here.
    children: BTreeSet<String>,
}

/// The files and what they use of each other.
pub struct Imports {
    files: BTreeMap<Segments, SourceFile>,
    names: BTreeMap<Segments, String>,
    /// From which file to which, and the first item that is named.
    pub edges: BTreeMap<(String, String), String>,
}

impl Imports {
    /// Reads all files below `src`.
    pub fn read() -> Self {
        let root = source_root();
        let mut all = Self { files: BTreeMap::new(), names: BTreeMap::new(), edges: BTreeMap::new() };
        let mut for_tests = BTreeSet::new();
        for path in sources(&root) {
            let inside = path.strip_prefix(&root).expect("inside src");
            let module = module_of(inside);
            let text = fs::read_to_string(&path).expect("a file");
            let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let mut file = SourceFile::default();
            let mut tests = BTreeSet::new();
            file.read(&tokens.into_iter().collect::<Vec<_>>(), &[], &mut tests);
            for_tests.extend(tests.into_iter().map(|child| [module.clone(), vec![child]].concat()));
            all.names.insert(module.clone(), inside.display().to_string());
            all.files.insert(module, file);
        }
        all.files.retain(|module, _| !for_tests.iter().any(|test: &Segments| module.starts_with(test)));
        all.edges = all.find_edges();
        all
    }

    /// The room of a file: its top level module.
    pub fn room(file: &str) -> &str {
        file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
    }

    /// The files of a room that use each other, directly or by way of others, with the uses between them.
    pub fn loops(&self, room: &str) -> Vec<String> {
        let edges: Vec<_> =
            self.edges.iter().filter(|((from, to), _)| Self::room(from) == room && Self::room(to) == room).collect();
        let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for ((from, _), _) in &edges {
            let mut open = vec![from.as_str()];
            let mut seen = BTreeSet::new();
            while let Some(file) = open.pop() {
                let next = edges.iter().filter(|((from, _), _)| from == file).map(|((_, to), _)| to.as_str());
                open.extend(next.filter(|to| seen.insert(*to)));
            }
            reached.insert(from, seen);
        }
        let leads_to = |from: &str, to: &str| reached.get(from).is_some_and(|seen| seen.contains(to));
        edges
            .iter()
            .filter(|((from, to), _)| leads_to(to, from))
            .map(|((from, to), item)| format!("{from} -> {to}: {item}"))
            .collect()
    }

    /// Which room uses which others.
    pub fn rooms(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in self.edges.keys() {
            let (from, to) = (Self::room(from), Self::room(to));
            let others = rooms.entry(from.to_owned()).or_default();
            if from != to {
                others.insert(to.to_owned());
            }
        }
        rooms
    }

    fn find_edges(&self) -> BTreeMap<(String, String), String> {
        let mut edges = BTreeMap::new();
        for (module, file) in &self.files {
            let scope: HashMap<&str, &Use> = file.uses.iter().map(|used| (used.alias.as_str(), used)).collect();
            let named: BTreeSet<&str> =
                file.paths.iter().filter_map(|(path, _)| path.first()).map(String::as_str).collect();
            let uses = file.uses.iter().filter(|used| !used.exported || named.contains(used.alias.as_str()));
            let mut paths: Vec<_> = uses.map(|used| (used.path.clone(), used.inside.clone())).collect();
            for (path, inside) in file.paths.iter().filter(|(path, _)| path.len() > 1) {
                let start = scope.get(path[0].as_str());
                let whole = start.map(|used| ([used.path.clone(), path[1..].to_vec()].concat(), used.inside.clone()));
                paths.push(whole.unwrap_or_else(|| (path.clone(), inside.clone())));
            }
            for (path, inside) in paths {
                let Some(absolute) = self.absolute(module, &inside, &path) else { continue };
                let Some((target, item)) = self.resolve(&absolute, 0) else { continue };
                if target != *module && !target.is_empty() && !module.is_empty() {
                    edges.entry((self.names[module].clone(), self.names[&target].clone())).or_insert(item);
                }
            }
        }
        edges
    }

    /// A path from the crate's root; `None` for one of another crate.
    fn absolute(&self, module: &[String], inside: &[String], path: &[String]) -> Option<Segments> {
        let mut base = [module, inside].concat();
        let rest = match path[0].as_str() {
            "crate" => return Some(path[1..].to_vec()),
            "self" => &path[1..],
            "super" => {
                let up = path.iter().take_while(|segment| *segment == "super").count();
                base.truncate(base.len().checked_sub(up)?);
                &path[up..]
            }
            child if self.files[module].children.contains(child) => {
                base.truncate(module.len());
                path
            }
            _ => return None,
        };
        Some([&base, rest].concat())
    }

    /// The file that a path leads to, and the item of it; `None` where the path is a module's.
    fn resolve(&self, path: &[String], depth: usize) -> Option<(Segments, String)> {
        let known = (0..=path.len()).rev().find(|length| self.files.contains_key(&path[..*length]))?;
        let (module, item) = (&path[..known], path.get(known)?);
        let passed_on = self.files[module].uses.iter().find(|used| used.alias == *item && used.inside.is_empty());
        if let Some(used) = passed_on.filter(|_| depth < 8)
            && let Some(absolute) = self.absolute(module, &[], &used.path)
        {
            return self.resolve(&[&absolute, &path[known + 1..]].concat(), depth + 1);
        }
        passed_on.is_none().then(|| (module.to_vec(), item.clone()))
    }
}

impl SourceFile {
    fn read(&mut self, tokens: &[TokenTree], inside: &[String], tests: &mut BTreeSet<String>) {
        let mut at = 0;
        let mut exported = false;
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    let is_attribute = |token: &&TokenTree| matches!(token, TokenTree::Group(_) | TokenTree::Punct(_));
                    let inner = tokens.get(at).is_some_and(|token| token.to_string() == "!");
                    let group = tokens.get(at + usize::from(inner)).filter(is_attribute);
                    let words = group.map(|group| group.to_string().replace(' ', "")).unwrap_or_default();
                    at += 1 + usize::from(inner);
                    if words.starts_with("[cfg(test") || words.starts_with("[cfg(all(test") {
                        at = skip_item(tokens, at, tests);
                    }
                }
                TokenTree::Ident(word) if word == "use" && !begins_with(tokens.get(at), '<') => {
                    let end = (at..tokens.len()).find(|end| begins_with(tokens.get(*end), ';')).unwrap_or(tokens.len());
                    self.read_use(&tokens[at..end], &[], (exported, inside));
                    at = end;
                }
                TokenTree::Ident(word) if word == "mod" => {
                    let name = tokens.get(at).map(ToString::to_string).unwrap_or_default();
                    self.children.insert(name.clone());
                    at += 1;
                    if let Some(TokenTree::Group(body)) = tokens.get(at) {
                        let inside = [inside, &[name]].concat();
                        self.read(&body.stream().into_iter().collect::<Vec<_>>(), &inside, tests);
                        at += 1;
                    }
                }
                TokenTree::Ident(word) => {
                    let is_member = at > 1
                        && begins_with(tokens.get(at - 2), '.')
                        && !begins_with(at.checked_sub(3).and_then(|at| tokens.get(at)), '.');
                    let mut path = vec![word.to_string()];
                    while let Some(next) = after_colons(tokens, at) {
                        path.push(next);
                        at += 3;
                    }
                    if !is_member {
                        self.paths.push((path, inside.to_vec()));
                    }
                    exported = word == "pub" || (exported && word == "use");
                    continue;
                }
                TokenTree::Group(group) if exported && group.delimiter() == Delimiter::Parenthesis => continue,
                TokenTree::Group(group) => {
                    self.read(&group.stream().into_iter().collect::<Vec<_>>(), inside, tests);
                }
                _ => {}
            }
            exported = false;
        }
    }

    /// The names of a `use`, each with its whole path.
    fn read_use(&mut self, tokens: &[TokenTree], before: &[String], context: (bool, &[String])) {
        for part in tokens.split(|token| begins_with(Some(token), ',')) {
            let mut path = before.to_vec();
            let mut alias = None;
            let mut at = 0;
            while let Some(token) = part.get(at) {
                match token {
                    TokenTree::Ident(word) if word == "as" => alias = part.get(at + 1).map(ToString::to_string),
                    TokenTree::Ident(word) if alias.is_none() && (word != "self" || path.is_empty()) => {
                        path.push(word.to_string());
                    }
                    TokenTree::Group(group) => {
                        let inner: Vec<_> = group.stream().into_iter().collect();
                        self.read_use(&inner, &path, context);
                        path.clear();
                    }
                    _ => {}
                }
                at += 1;
            }
            let Some(last) = path.last() else { continue };
            let alias = alias.unwrap_or_else(|| last.clone());
            self.uses.push(Use { alias, exported: context.0, inside: context.1.to_vec(), path });
        }
    }
}

/// The place behind an item that is for tests only; a module that it declares is noted.
fn skip_item(tokens: &[TokenTree], from: usize, tests: &mut BTreeSet<String>) -> usize {
    for at in from..tokens.len() {
        match &tokens[at] {
            TokenTree::Ident(word) if word == "mod" => {
                tests.extend(tokens.get(at + 1).map(ToString::to_string));
            }
            TokenTree::Punct(punct) if punct.as_char() == ';' => return at + 1,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

fn begins_with(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

/// The word after `::`.
fn after_colons(tokens: &[TokenTree], at: usize) -> Option<String> {
    let colons = begins_with(tokens.get(at), ':') && begins_with(tokens.get(at + 1), ':');
    match tokens.get(at + 2) {
        Some(TokenTree::Ident(word)) if colons => Some(word.to_string()),
        _ => None,
    }
}

fn module_of(file: &Path) -> Segments {
    let name = file.with_extension("");
    let segments = name.iter().map(|segment| segment.to_string_lossy().into_owned());
    segments.filter(|segment| segment != "lib" && segment != "mod").collect()
}
