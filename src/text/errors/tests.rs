//! Every error and every remark has words in both languages.

use std::collections::HashSet;
use std::fmt::Debug;
use std::io::ErrorKind;
use std::path::Path;

use strum::EnumCount;

use super::localized;
use crate::config::error::{ConfigError, HeaderError, ProcessFailure};
use crate::config::profiles::UnresolvedReason;
use crate::config::remark::{ColumnProblem, ConfigRemark, ThemeProblem};
use crate::domain::bucket_list::BucketListError;
use crate::domain::dialect::Dialect;
use crate::domain::endpoint::EndpointError;
use crate::domain::evidence_error::{ChangedPart, EvidenceError};
use crate::domain::history_error::{HistoryError, HistoryFlaw, NotRecorded};
use crate::domain::operation::{Scope, UnknownOperation};
use crate::domain::probe::ProbeError;
use crate::domain::query::{Query, QueryError, Wrong};
use crate::domain::read_failure::ReadFailure;
use crate::domain::regions::RegionRemark;
use crate::domain::target::{TargetError, UrlError};
use crate::domain::target_arg::{SkippedLines, TargetFileError, TargetLineError};
use crate::domain::validate::{BucketRemark, CredentialFlaw, CredentialPart, CredentialsRemark};
use crate::i18n::{Language, Localize};
use crate::import::{FileError, FileFlaw, FileRemark, Format, ImportRemark, NoFailure, Totals, Unit};

const KIND: ErrorKind = ErrorKind::PermissionDenied;

fn s(text: &str) -> String {
    text.to_owned()
}

/// The words of each are there, differ, are in their language, and have every value filled in.
fn words_of<T: Localize + Debug>(all: &[T]) {
    let is_chinese = |c: char| ('\u{2e80}'..='\u{9fff}').contains(&c);
    for fact in all {
        let (english, chinese) = (fact.localize(Language::En), fact.localize(Language::Zh));
        assert!(!english.is_empty() && !english.contains("%{") && !english.contains(is_chinese), "{fact:?}: {english}");
        assert!(chinese.contains(is_chinese) && !chinese.contains("%{"), "{fact:?}: {chinese}");
    }
}

/// The same of an enum: all of its variants are among these.
fn variants<T: Localize + Debug + EnumCount>(all: &[T]) {
    let kinds: HashSet<_> = all.iter().map(std::mem::discriminant).collect();
    assert_eq!(kinds.len(), T::COUNT, "a variant of {} is not tested", std::any::type_name::<T>());
    words_of(all);
}

#[test]
fn requests() {
    use TargetLineError as Line;
    variants(&[
        EndpointError::InvalidUrl(s("x")),
        EndpointError::NoRegion,
        EndpointError::UnsendableKey(s("..")),
        EndpointError::InvalidHost { bucket: s("b"), region: s("r") },
    ]);
    variants(&[UrlError::NoHost, UrlError::Port, UrlError::Syntax, UrlError::Dots]);
    variants(&[
        TargetError::Form(s("x y")),
        TargetError::Scheme { text: s("x://b"), scheme: s("x"), nearest: None },
        TargetError::Scheme { text: s("co://b"), scheme: s("co"), nearest: Some("cos") },
        TargetError::Url { text: s("https://"), error: UrlError::NoHost },
        TargetError::UserInfo,
    ]);
    let needs = |scope| ProbeError::Scope { operation: "head-x", scope, target: s("cos://") };
    variants(&[
        ProbeError::Endpoint(EndpointError::NoRegion),
        needs(Scope::Bucket),
        needs(Scope::Object),
        ProbeError::NoOrigin,
        ProbeError::Presigned,
        ProbeError::InvalidRequest(s("x")),
        ProbeError::Writes(s("PUT")),
        ProbeError::ReplayWrites(s("PUT")),
        ProbeError::ReplayDialect { recorded: Dialect::S3, profile: s("prod"), own: Dialect::Cos },
        ProbeError::ReplaySignature,
        ProbeError::ReplayUrl,
    ]);
    words_of(&[
        UnknownOperation { name: s("x"), nearest: None },
        UnknownOperation { name: s("head-buket"), nearest: Some("head-bucket") },
    ]);
    variants(&[Line::Target(TargetError::UserInfo), Line::NotUtf8, Line::TooLong]);
    variants(&[
        SkippedLines::One { name: s("f"), line: 1, error: Line::NotUtf8 },
        SkippedLines::More { name: s("f"), count: 2 },
    ]);
    variants(&[
        TargetFileError::Read { name: s("f"), line: 1, kind: KIND },
        TargetFileError::TooMany { name: s("f"), line: 1 },
        TargetFileError::AllInvalid { name: s("f"), count: 2 },
        TargetFileError::Empty(s("f")),
    ]);
}

#[test]
fn histories() {
    let failure = || ReadFailure { kind: KIND, words: s("reason") };
    let flaws = [
        HistoryFlaw::NotAFile,
        HistoryFlaw::NotCreated(failure()),
        HistoryFlaw::Readable { mode: 0o644, failure: failure() },
        HistoryFlaw::Foreign,
        HistoryFlaw::Newer { format: 2, known: 1 },
        HistoryFlaw::Damaged,
        HistoryFlaw::Locked,
        HistoryFlaw::NotWritable,
        HistoryFlaw::DiskFull,
        HistoryFlaw::DiskError,
        HistoryFlaw::Sqlite(s("x")),
        HistoryFlaw::Record(s("x")),
        HistoryFlaw::Gone { name: s("h.db"), recorded: 2 },
    ];
    assert_eq!(flaws.len(), HistoryFlaw::COUNT);
    let errors = flaws.map(|flaw| HistoryError::new(Path::new("h.db"), flaw));
    words_of(&errors);
    variants(&[NotRecorded::Stopped(errors[0].clone()), NotRecorded::Lost(errors[0].clone())]);
}

#[test]
fn files() {
    let io = |kind| ReadFailure { kind, words: s("reason") };
    let kinds = [ErrorKind::NotFound, KIND, ErrorKind::InvalidInput, ErrorKind::UnexpectedEof, ErrorKind::TimedOut];
    words_of(&kinds.map(io));
    let flaws = [
        FileFlaw::Io(io(KIND)),
        FileFlaw::Directory,
        FileFlaw::Gzip(io(KIND)),
        FileFlaw::Zip,
        FileFlaw::Zstd,
        FileFlaw::Xz,
        FileFlaw::Bzip2,
        FileFlaw::Sqlite,
        FileFlaw::Binary,
    ];
    assert_eq!(flaws.len(), FileFlaw::COUNT);
    let errors = flaws.map(|flaw| FileError { file: s("a"), flaw });
    words_of(&errors);
    let parts = [ChangedPart::Count, ChangedPart::Hash, ChangedPart::Behind];
    assert_eq!(parts.len(), ChangedPart::COUNT);
    let mut evidence: Vec<_> = parts.into_iter().map(EvidenceError::Changed).collect();
    evidence.extend([
        EvidenceError::Foreign,
        EvidenceError::Newer { version: s("9"), schema: s("x") },
        EvidenceError::Cut { records: 2 },
        EvidenceError::Damaged { line: 2, reason: s("x") },
        EvidenceError::TooLong { line: 2 },
        EvidenceError::Io(io(KIND)),
    ]);
    variants(&evidence);
    let units = [Unit::Line, Unit::Entry, Unit::Record];
    assert_eq!(units.len(), Unit::COUNT);
    let mut remarks: Vec<_> =
        units.into_iter().map(|unit| FileRemark::BrokeOff { unit, after: 3, failure: io(KIND) }).collect();
    remarks.extend([
        FileRemark::NotGzip,
        FileRemark::Encoding("GBK"),
        FileRemark::HarVersion(s("1.1")),
        FileRemark::Evidence { records: 2, failures: 1 },
        FileRemark::EvidenceUnreadable(EvidenceError::Foreign),
    ]);
    variants(&remarks);
    let of = |format| ImportRemark::Totals(Totals::new("a", format));
    let said = vec![
        of(Format::Har),
        of(Format::Cosdiag),
        of(Format::Text),
        ImportRemark::Unreadable(errors[0].clone()),
        ImportRemark::of("a", FileRemark::NotGzip),
    ];
    variants(&said);
    words_of(&[NoFailure { said }]);
    variants(&[
        BucketListError::NoCredentials("A and B"),
        BucketListError::Operation(UnknownOperation { name: s("x"), nearest: None }),
        BucketListError::Probe(ProbeError::NoOrigin),
        BucketListError::NoAnswer,
    ]);
}

#[test]
fn filters() {
    let wrong: Vec<QueryError> = ["statsu:4", "xyzzy:4", "status:x", "latency:x", "sure:likly", "sure:xyzzy"]
        .iter()
        .map(|text| Query::parse(text).expect_err(text))
        .collect();
    let kinds: HashSet<_> = wrong.iter().map(|error| std::mem::discriminant(&error.wrong)).collect();
    assert_eq!(kinds.len(), Wrong::COUNT);
    words_of(&wrong);
}

#[test]
fn remarks() {
    words_of(&[
        RegionRemark::Prefixed { region: s("cos.r"), bare: s("r") },
        RegionRemark::Former { region: s("gz"), now: s("ap-guangzhou") },
        RegionRemark::Unknown { region: s("x"), nearest: None },
        RegionRemark::Unknown { region: s("ap-guangzou"), nearest: Some(s("ap-guangzhou")) },
    ]);
    variants(&[
        BucketRemark::Characters { bucket: s("A-1250000000"), nearest: s("a-1250000000") },
        BucketRemark::Edge(s("-a")),
        BucketRemark::NoAppid(s("a")),
        BucketRemark::TooLong { bucket: s("a"), length: 61 },
    ]);
    let flaws =
        [CredentialFlaw::Characters, CredentialFlaw::OuterSpace, CredentialFlaw::InnerSpace, CredentialFlaw::Quotes];
    assert_eq!(flaws.len(), CredentialFlaw::COUNT);
    let parts = [CredentialPart::Id, CredentialPart::Key, CredentialPart::Token];
    let malformed = flaws.iter().flat_map(|flaw| parts.map(|part| (part, *flaw)));
    let mut credentials: Vec<_> =
        malformed.map(|(part, flaw)| CredentialsRemark::Malformed { part, source: s("X"), flaw }).collect();
    credentials.extend([
        CredentialsRemark::Swapped { source: s("X"), begin: s("AKID") },
        CredentialsRemark::IdAsKey { source: s("X"), begin: s("AKID") },
        CredentialsRemark::NoToken { source: s("X"), length: 52, begin: s("AKID") },
        CredentialsRemark::UnexpectedToken { source: s("X"), length: 36 },
    ]);
    variants(&credentials);
    let columns = [
        ColumnProblem::UnknownKey,
        ColumnProblem::NotAList,
        ColumnProblem::NotATable,
        ColumnProblem::Width,
        ColumnProblem::UnknownColumn(s("x")),
    ];
    variants(&columns);
    let themes = [
        ThemeProblem::Unknown,
        ThemeProblem::NotFound("t".into()),
        ThemeProblem::Unreadable(ConfigError::ProxyAndConnectTo),
    ];
    assert_eq!(themes.len(), ThemeProblem::COUNT);
    let mut config: Vec<_> =
        themes.into_iter().map(|problem| ConfigRemark::Theme { path: "c".into(), name: s("x"), problem }).collect();
    config.extend([
        ConfigRemark::Region(RegionRemark::Unknown { region: s("x"), nearest: None }),
        ConfigRemark::Credentials(CredentialsRemark::UnexpectedToken { source: s("X"), length: 36 }),
        ConfigRemark::Insecure,
        ConfigRemark::Skipped(ConfigError::ProxyAndConnectTo),
        ConfigRemark::ReadableByOthers { path: "c".into(), mode: 0o644 },
        ConfigRemark::Expired { place: s("c"), program: s("p"), end: jiff::Timestamp::UNIX_EPOCH },
        ConfigRemark::Column { path: "c".into(), line: 1, name: s("x"), problem: ColumnProblem::Width },
    ]);
    variants(&config);
    variants(&[UnresolvedReason::RunsProcess, UnresolvedReason::Unusable(ConfigError::ProxyAndConnectTo)]);
}

#[test]
fn configurations() {
    let path = || std::path::PathBuf::from("c");
    variants(&[
        HeaderError::NoColon,
        HeaderError::Reserved(s("connection")),
        HeaderError::Name,
        HeaderError::Value(s("x")),
    ]);
    let failures = [
        ProcessFailure::Command,
        ProcessFailure::NotStarted(KIND),
        ProcessFailure::TimedOut(60),
        ProcessFailure::NotWaited(KIND),
        ProcessFailure::Exited(Some(3)),
        ProcessFailure::Exited(None),
        ProcessFailure::OutputOpen,
        ProcessFailure::NotJson { line: 1 },
        ProcessFailure::Version,
        ProcessFailure::Missing("AccessKeyId"),
    ];
    variants(&failures);
    let unknown = |known: Vec<String>, nearest| ConfigError::UnknownProfile {
        from: s("--profile"),
        name: s("x"),
        path: path(),
        known,
        nearest,
    };
    let none = |reason| ConfigError::NoCredentials { from: s("--profile"), profile: s("p"), place: s("f"), reason };
    let ca = |kind| ConfigError::CaFile { from: s("--ca-file"), path: path(), kind };
    variants(&[
        ConfigError::NoHome("COSDIAG_CONFIG"),
        ConfigError::NotFound(path()),
        ConfigError::NotAFile(path()),
        ConfigError::Io { path: path(), kind: KIND },
        ConfigError::TooLong(path()),
        ConfigError::NotUtf8 { path: path(), line: 1 },
        ConfigError::Toml { path: path(), at: Some((1, 2)), reason: s("x"), key: Some(s("theme")) },
        ConfigError::Ini { path: path(), line: 1 },
        ConfigError::YamlTab { path: path(), line: 1 },
        ConfigError::Yaml { path: path(), line: 1 },
        ConfigError::CvmRole(path()),
        unknown(Vec::new(), None),
        unknown(vec![s("prod")], None),
        unknown(vec![s("xx")], Some(s("xx"))),
        ConfigError::UnknownAwsProfile(s("x")),
        ConfigError::IncompleteCredentials { place: s("c"), present: s("a"), missing: s("b") },
        none(None),
        none(Some(Box::new(ConfigError::CvmRole(path())))),
        ConfigError::UnsupportedMethod { place: s("c"), setting: "role_arn", profile: s("p") },
        ConfigError::Process { place: s("c"), program: s("p"), failure: ProcessFailure::Version },
        ConfigError::Endpoint { from: s("--endpoint"), error: EndpointError::InvalidUrl(s("x")) },
        ConfigError::Scheme { from: s("c"), scheme: s("x") },
        ConfigError::Proxy(s("--proxy")),
        ConfigError::ProxyAndConnectTo,
        ca(Some(KIND)),
        ca(None),
        ConfigError::Timeout { from: s("timeout"), seconds: 0.0 },
        ConfigError::Header(HeaderError::NoColon),
        ConfigError::Origin(s("x")),
        ConfigError::NotSavable(path()),
        ConfigError::NotATable { path: path(), name: "columns" },
    ]);
}

#[test]
fn an_error_of_ours_is_found_behind_any_other() {
    let error = anyhow::Error::from(TargetError::UserInfo).context("--targets-from");
    let words: Vec<_> = error.chain().map(|error| localized(error, Language::Zh)).collect();
    assert_eq!(words, ["--targets-from".to_owned(), TargetError::UserInfo.localize(Language::Zh)]);
    assert_eq!(TargetError::UserInfo.to_string(), TargetError::UserInfo.localize(Language::En));
}
