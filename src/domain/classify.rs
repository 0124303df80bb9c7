//! From exchanges to a record: did the probe do what was asked, and if not, what does the answer
//! say about it.

use super::dialect::Dialect;
use super::error_document::{self, DocumentKind, ErrorDocument};
use super::exchange::{Exchange, Response};
use super::fit::{self, Expectation, Misfit};
use super::operation::{Answer, JSON};
use super::probe::Probe;
use super::record::{
    AnsweredBy, Attempt, CodeFrom, ErrorFields, Exception, Outcome, Record, RequestId, SCHEMA, SentRequest, Twin, Via,
};
use super::record_remark::{ForeignBody, RecordRemark};
use super::source::{IdSource, Source};

/// What may go away by itself, so that the engine tries again where retries are asked for: busy and
/// broken servers, and connections that did not come about or broke. A bad certificate does not.
#[must_use]
pub fn is_transient(exchange: &Exchange) -> bool {
    let status = exchange.response.as_ref().map(|response| response.status);
    match &exchange.exception {
        Some(exception) => {
            let is_lasting = matches!(exception.code, "ENOTFOUND" | "ERR_INVALID_CHAR" | "INVALID_PURPOSE");
            !exception.code.contains("CERT") && !is_lasting
        }
        None => matches!(status, Some(429 | 500 | 502 | 503 | 504)),
    }
}

/// The signing texts of the exchange that a record is made from, redacted.
#[derive(Clone, Debug, Default)]
pub struct Signing {
    /// The canonical request.
    pub canonical_request: Option<String>,
    /// The string to sign.
    pub string_to_sign: Option<String>,
}

/// What an exchange came to.
fn outcome(probe: &Probe, exchange: &Exchange, document: &ErrorDocument) -> Outcome {
    let Some(response) = &exchange.response else { return Outcome::Failure };
    if exchange.exception.is_some() {
        return Outcome::Failure;
    }
    let ours = answered_by(response, document, probe.dialect, probe.answer) != AnsweredBy::Other;
    let error_inside = matches!(probe.answer, Answer::Document(_)) && document.is_error;
    match response.status {
        200..300 if ours && !error_inside => of_document(probe, response, document),
        405 | 501 if ours && is_not_supported(probe, document) => Outcome::NotSupported,
        416 if ours && is_empty_object(probe, response, document) => Outcome::Success,
        304 if ours => Outcome::Success,
        404 if probe.is_sub_resource && ours && !is_about_the_whole(document) => Outcome::NotConfigured,
        _ => Outcome::Failure,
    }
}

/// A 2xx is believed as far as its document is the one that was asked for. Of COS every sub-resource is known:
/// there a bucket's plain list says that the sub-resource did not arrive.
fn of_document(probe: &Probe, response: &Response, document: &ErrorDocument) -> Outcome {
    match misfit(probe, response, document) {
        Some(Misfit::Ignored(_)) if probe.dialect == Dialect::S3 => Outcome::NotSupported,
        Some(_) => Outcome::Failure,
        None if probe.is_sub_resource && document.kind == DocumentKind::Empty => Outcome::NotConfigured,
        None => Outcome::Success,
    }
}

fn misfit(probe: &Probe, response: &Response, document: &ErrorDocument) -> Option<Misfit> {
    let is_bare = document.kind == DocumentKind::Empty && probe.is_sub_resource;
    // What was cut off to be kept may no longer be read as what it is.
    let is_unread = response.truncated && document.root.is_none();
    if !(200..300).contains(&response.status) || is_bare || is_unread {
        return None;
    }
    let expected = Expectation { answer: probe.answer, bucket: probe.bucket.as_deref(), has_key: probe.key.is_some() };
    expected.misfit(document, response.header("etag").is_some())
}

/// Stores of the other dialect lack many sub-resources, and say so: the bucket has not failed.
fn is_not_supported(probe: &Probe, document: &ErrorDocument) -> bool {
    let code = document.code.as_deref().unwrap_or_default();
    probe.dialect == Dialect::S3
        && probe.method == "GET"
        && fit::is_sub_resource(probe.answer)
        && ["NotImplemented", "MethodNotAllowed"].iter().any(|known| known.eq_ignore_ascii_case(code))
}

/// Whether an answer leaves open what only a body can tell: why it failed, or, where a server knows no bucket
/// hosts, that a 200 to HEAD is for the whole account.
#[must_use]
pub fn is_open(probe: &Probe, exchange: &Exchange) -> bool {
    let says_so = |(name, _): &(String, String)| {
        ["x-amz-bucket-", "x-rgw-", "x-cos-bucket-"].iter().any(|prefix| name.starts_with(prefix))
    };
    let is_told = exchange.response.as_ref().is_some_and(|response| response.headers.iter().any(says_so));
    let in_host = probe.bucket.as_deref().zip(probe.url.host_str()).is_some_and(|(bucket, host)| {
        host.strip_prefix(&bucket.to_ascii_lowercase()).is_some_and(|rest| rest.starts_with('.'))
    });
    let is_bucket_head = probe.operation == "head-bucket" && probe.dialect == Dialect::S3;
    let document = || exchange.response.as_ref().map(|response| error_document::parse(&response.body));
    (is_bucket_head && in_host && !is_told)
        || outcome(probe, exchange, &document().unwrap_or_default()) == Outcome::Failure
}

/// A HEAD whose headers were hidden on the way was answered by whom its GET, with its body, was.
fn twin_answered_by(probe: &Probe, head: &Exchange, twin: &Exchange) -> Option<AnsweredBy> {
    let (head, get) = (head.response.as_ref()?, twin.response.as_ref()?);
    let document = error_document::parse(&get.body);
    let is_stores = answered_by(get, &document, probe.dialect, Answer::Document(&[])) == AnsweredBy::Store;
    (head.status == get.status && head.body.is_empty() && is_stores).then_some(AnsweredBy::Store)
}

/// What the GET of a HEAD brought in place of the bucket's own answer.
fn unlike_in_twin<'a>(probe: &Probe, twin: Option<&'a Exchange>) -> Option<(Misfit, &'a Response)> {
    let response = twin?.response.as_ref().filter(|response| (200..300).contains(&response.status))?;
    let document = error_document::parse(&response.body);
    let answer = if probe.key.is_some() { Answer::Content } else { Answer::Document(&[]) };
    let expected = Expectation { answer, bucket: probe.bucket.as_deref(), has_key: probe.key.is_some() };
    Some((expected.misfit(&document, response.header("etag").is_some())?, response))
}

/// The first byte of an empty object was asked for, by us: there is none, and nothing is wrong. Every other object
/// has one, so that the store's own refusal says the same where it does not tell the length.
fn is_empty_object(probe: &Probe, response: &Response, document: &ErrorDocument) -> bool {
    let own_range = probe.operation == "get-object" && probe.headers.iter().any(|(_, value)| value == "bytes=0-0");
    let length = document.others.get("ActualObjectSize").is_none_or(|length| length == "0");
    let is_refused = document.code.as_deref().is_some_and(|code| code.eq_ignore_ascii_case("InvalidRange")) && length;
    own_range && response.header("content-range").map_or(is_refused, |range| range.ends_with("/0"))
}

/// A 404 that is about the bucket or the key, not about the sub-resource.
fn is_about_the_whole(document: &ErrorDocument) -> bool {
    let code = document.code.as_deref().unwrap_or_default();
    code.is_empty()
        || ["NoSuchBucket", "NoSuchKey", "NoSuchVersion"].iter().any(|known| known.eq_ignore_ascii_case(code))
}

/// Who seems to have answered. Every COS answer has its id, so on `cos` an answer without one, and
/// without the store's error document, is another server's; a CDN's or another vendor's headers prove
/// nothing. S3-compatible servers often send no id: there only a page where a document belongs tells.
fn answered_by(response: &Response, document: &ErrorDocument, dialect: Dialect, answer: Answer) -> AnsweredBy {
    let server = response.header("server").unwrap_or_default().to_ascii_lowercase();
    let vendor: (&[&str], &[&str]) = match dialect {
        Dialect::Cos => (&["x-cos-", "x-ci-"], &["tencent-cos", "tencent-ci"]),
        Dialect::S3 => (
            &["x-amz-id-2", "x-amz-bucket-region", "x-amzn-requestid", "x-trans-id", "x-cos-"],
            &["amazons3", "tencent-cos"],
        ),
    };
    let vendor_header = |(name, _): &(String, String)| vendor.0.iter().any(|prefix| name.starts_with(prefix));
    let is_of_cos = response.request_id(dialect).is_some() || response.headers.iter().any(vendor_header);
    if dialect == Dialect::Cos && !is_of_cos && is_another_vendors(response, document) {
        return AnsweredBy::Other;
    }
    if response.request_id(dialect).is_some()
        || vendor.1.iter().any(|known| server.starts_with(known))
        || response.headers.iter().any(vendor_header)
        || (is_stores_document(document) && (dialect == Dialect::S3 || document.request_id.is_some()))
    {
        return AnsweredBy::Store;
    }
    // A proxy may hide every header of the store's; no other server writes what only this operation returns.
    let is_own = |root: &String| matches!(answer, Answer::Document(roots) if roots.contains(&root.as_str()));
    if dialect == Dialect::Cos && response.status == 200 && document.root.as_ref().is_some_and(is_own) {
        return AnsweredBy::Unknown;
    }
    // A Code without any id: COS's edge may have cut it short, but any server may have written it.
    if is_stores_document(document) {
        return AnsweredBy::Unknown;
    }
    let is_json_asked =
        document.kind == DocumentKind::Json && matches!(answer, Answer::Document(roots) if roots.contains(&JSON));
    let a_page =
        matches!(document.kind, DocumentKind::Html | DocumentKind::Json) && answer != Answer::Content && !is_json_asked;
    if dialect == Dialect::Cos || a_page || (300..400).contains(&response.status) {
        return AnsweredBy::Other;
    }
    if document.kind == DocumentKind::Xml { AnsweredBy::Store } else { AnsweredBy::Unknown }
}

/// The ids of other vendors' stores, and the element that they have and COS has not.
fn is_another_vendors(response: &Response, document: &ErrorDocument) -> bool {
    const IDS: &[&str] = &["x-oss-", "x-obs-", "x-amz-", "x-goog-", "x-kss-", "x-tos-", "x-bce-", "x-jcloud-"];
    document.others.contains_key("HostId")
        || response.headers.iter().any(|(name, _)| IDS.iter().any(|prefix| name.starts_with(prefix)))
}

/// An error document that only a store writes: XML with a Code, or COS's JSON, which carries its id.
/// Any service on the way may answer in JSON with a code of its own.
fn is_stores_document(document: &ErrorDocument) -> bool {
    let is_coded = document.is_error && document.code.is_some();
    match document.kind {
        DocumentKind::Xml => is_coded,
        DocumentKind::Json => is_coded && document.request_id.is_some(),
        _ => false,
    }
}

/// Makes the record of a probe out of its redacted exchanges: every attempt in order, and the GET
/// twin's where a HEAD failed.
#[must_use]
pub fn record(probe: &Probe, mut exchanges: Vec<Exchange>, twin: Option<&Exchange>, signing: Signing) -> Record {
    let attempts = exchanges.iter().chain(twin).map(|exchange| attempt(exchange, probe.dialect)).collect();
    let begun = exchanges.first().map(|first| first.time);
    let Some(mut last) = exchanges.pop() else { return unsent(probe, probe.sent_url()) };
    let mut record = unsent(probe, std::mem::take(&mut last.url));
    let response = last.response.as_ref();
    let mut document = response.map(|response| error_document::parse(&response.body)).unwrap_or_default();
    let answered_by =
        response.map_or(AnsweredBy::Nobody, |response| answered_by(response, &document, probe.dialect, probe.answer));
    let answered_by = twin.and_then(|twin| twin_answered_by(probe, &last, twin)).unwrap_or(answered_by);
    let in_twin = unlike_in_twin(probe, twin);
    let outcome = if in_twin.is_some() { Outcome::Failure } else { outcome(probe, &last, &document) };
    record.time = begun.unwrap_or(last.time);
    record.outcome = outcome;
    record.answered_by = answered_by;
    record.exception = match outcome {
        Outcome::Success | Outcome::NotConfigured | Outcome::NotSupported => None,
        Outcome::Failure if last.exception.is_some() => Some(Exception::Client),
        Outcome::Failure => Some(Exception::Server),
    };
    record.request = SentRequest {
        headers: std::mem::take(&mut last.request_headers),
        canonical_request: signing.canonical_request,
        string_to_sign: signing.string_to_sign,
    };
    record.timing = last.timing;
    record.remote = last.remote.take();
    record.attempts = attempts;
    let mut keeps_body = false;
    if let Some(response) = response {
        record.status_code = Some(response.status);
        record.request_id = id_of(response, &document, probe.dialect);
        let unlike = misfit(probe, response, &document);
        keeps_body = is_body_kept(probe, answered_by, response, unlike.is_some());
        let ours = unlike.filter(|_| answered_by != AnsweredBy::Other);
        record.remarks.extend(ours.map(|unlike| unlike_asked(probe, unlike)));
        record.body_bytes = response.received;
        record.body_truncated = response.truncated;
    }
    if let (Some((unlike, response)), true) = (in_twin, record.status_code.is_some_and(|status| status < 300)) {
        record.body = Some(String::from_utf8_lossy(&response.body).into_owned());
        record.remarks.push(unlike_asked(probe, unlike));
    }
    // An empty object's 416 is not a failure, but what the store said about it stays readable.
    if outcome != Outcome::Success || record.status_code == Some(416) {
        (record.error, record.code_from) = error_of(&last, &mut document, probe.dialect);
        record.client_failure = last.exception.take().map(|exception| exception.failure);
        remark(&mut record, response, &document);
    }
    if response.is_some_and(|response| response.headers_cut) {
        record.remarks.push(RecordRemark::HeadersCut);
    }
    if probe.operation == "options-object" && outcome == Outcome::Success {
        record.remarks.extend(response.filter(|response| !shows_id(response)).map(|_| RecordRemark::IdNotExposed));
    }
    if record.status_code == Some(416) && outcome == Outcome::Success {
        record.remarks.push(RecordRemark::EmptyObject);
    }
    if let (Some(twin), Outcome::Failure) = (twin, outcome) {
        take_from_twin(&mut record, twin);
    }
    if let Some(Response { headers, body, .. }) = last.response {
        record.headers = Some(headers);
        let text = || String::from_utf8(body).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into());
        record.body = record.body.or_else(|| keeps_body.then(text));
    }
    record
}

/// How a 2xx is not what was asked for.
fn unlike_asked(probe: &Probe, unlike: Misfit) -> RecordRemark {
    let operation = probe.operation.clone();
    match unlike {
        Misfit::Ignored(document) if probe.dialect == Dialect::S3 => {
            RecordRemark::SubResourceIgnored { operation, document }
        }
        Misfit::Ignored(document) => RecordRemark::SubResourceLost { operation, document },
        Misfit::WholeAccount => RecordRemark::WholeAccount,
        Misfit::OtherBucket(bucket) => RecordRemark::OtherBucket { bucket },
        Misfit::OtherDocument(document) => RecordRemark::OtherDocument { operation, document },
    }
}

/// Whether the rule that allows a preflight lets a page's script read which request to ask support about.
fn shows_id(response: &Response) -> bool {
    let exposed = response.header("access-control-expose-headers").unwrap_or_default();
    exposed.split(',').map(str::trim).any(|name| name == "*" || name.eq_ignore_ascii_case("x-cos-request-id"))
}

fn unsent(probe: &Probe, url: String) -> Record {
    Record {
        schema: SCHEMA.to_owned(),
        id: probe.id,
        time: jiff::Timestamp::UNIX_EPOCH,
        source: Source::Probe,
        profile: probe.profile.to_string(),
        dialect: probe.dialect,
        operation: probe.operation.clone(),
        method: probe.method.clone(),
        url,
        bucket: probe.bucket.clone(),
        region: probe.region.clone(),
        key: probe.key.clone(),
        outcome: Outcome::Failure,
        exception: Some(Exception::Client),
        status_code: None,
        headers: None,
        error: ErrorFields::default(),
        client_failure: None,
        code_from: CodeFrom::None,
        answered_by: AnsweredBy::Nobody,
        request_id: None,
        request: SentRequest::default(),
        body: None,
        body_truncated: false,
        body_bytes: 0,
        timing: super::exchange::Timing::default(),
        remote: None,
        via: Via::default(),
        attempts: Vec::new(),
        twin: None,
        diagnosis: None,
        remarks: Vec::new(),
        note: None,
    }
}

/// Whether the body is kept. An object's own bytes are the user's data and not ours to keep, not even when
/// they broke off.
fn is_body_kept(probe: &Probe, answered_by: AnsweredBy, response: &Response, is_unlike: bool) -> bool {
    let ours = answered_by != AnsweredBy::Other;
    // Of a sub-resource that was ignored, too, the object's own bytes came back.
    let is_objects = if is_unlike {
        probe.answer != Answer::Content && probe.key.is_some()
    } else {
        probe.answer == Answer::Content
    };
    let is_content = is_objects && (200..300).contains(&response.status) && ours;
    !response.body.is_empty() && !is_content
}

/// An exchange as one attempt of several.
#[must_use]
pub fn attempt(exchange: &Exchange, dialect: Dialect) -> Attempt {
    let document = |response: &Response| error_document::parse(&response.body).request_id;
    Attempt {
        time: exchange.time,
        method: exchange.method.clone(),
        url: exchange.url.clone(),
        status_code: exchange.response.as_ref().map(|response| response.status),
        request_id: exchange
            .response
            .as_ref()
            .and_then(|response| response.request_id(dialect).map(str::to_owned).or_else(|| document(response))),
        total_ms: exchange.timing.total_ms,
        exception: exchange.exception.as_ref().map(|exception| exception.code.to_owned()),
    }
}

fn id_of(response: &Response, document: &ErrorDocument, dialect: Dialect) -> Option<RequestId> {
    let (value, from) = match (response.request_id(dialect), &document.request_id) {
        (Some(id), _) => (id.to_owned(), IdSource::Header),
        (None, Some(id)) => (id.clone(), IdSource::Body),
        (None, None) => return None,
    };
    Some(RequestId::read(value, from))
}

/// Moves the error's fields out of its document; what is said of a page stays in there.
fn error_of(exchange: &Exchange, document: &mut ErrorDocument, dialect: Dialect) -> (ErrorFields, CodeFrom) {
    let header = |name: &str| exchange.response.as_ref().and_then(|response| response.header(name)).map(str::to_owned);
    let is_page = matches!(document.kind, DocumentKind::Html | DocumentKind::Text | DocumentKind::Binary);
    let mut error = ErrorFields {
        code: document.code.take(),
        message: if is_page { None } else { document.message.take() },
        request_id: document.request_id.take().or_else(|| {
            exchange.response.as_ref().and_then(|response| response.request_id(dialect).map(str::to_owned))
        }),
        resource: document.resource.take(),
        trace_id: document.trace_id.take().or_else(|| header("x-cos-trace-id")),
        others: std::mem::take(&mut document.others),
    };
    let mut from = if error.code.is_some() { CodeFrom::Body } else { CodeFrom::None };
    if error.code.is_none()
        && let Some(code) = header("x-cos-error-code")
    {
        error.code = Some(code);
        error.message = error.message.or_else(|| header("x-cos-error-message"));
        from = CodeFrom::Header;
    }
    if let Some(exception) = &exchange.exception {
        error.code = Some(exception.code.to_owned());
        error.message = Some(exception.failure.to_string());
        from = CodeFrom::Client;
    }
    (error, from)
}

/// Remarks on what the fields of a failure leave open.
fn remark(record: &mut Record, response: Option<&Response>, document: &ErrorDocument) {
    let Some(response) = response else { return };
    let server = || response.header("server").map(str::to_owned);
    let is_success = (200..300).contains(&response.status);
    if (300..400).contains(&response.status)
        && let Some(location) = response.header("location")
    {
        record.remarks.push(RecordRemark::SentElsewhere { server: server(), location: location.to_owned() });
    } else if record.answered_by == AnsweredBy::Other {
        let body = match (&document.kind, &document.message) {
            (DocumentKind::Html, title) => ForeignBody::Page(title.clone()),
            (DocumentKind::Text, Some(text)) => ForeignBody::Text(text.clone()),
            (DocumentKind::Empty, _) => ForeignBody::Empty,
            _ => ForeignBody::Other,
        };
        record.remarks.push(RecordRemark::NotTheStore { server: server(), body });
    } else if matches!(response.status, 405 | 501) && record.outcome == Outcome::NotSupported {
        record.remarks.push(RecordRemark::NotSupported { operation: record.operation.clone() });
    } else if is_success && record.exception == Some(Exception::Server) && document.is_error {
        record.remarks.push(RecordRemark::ErrorInSuccess { status: response.status });
    }
}

fn take_from_twin(record: &mut Record, twin: &Exchange) {
    let response = twin.response.as_ref();
    let status = response.map(|response| response.status);
    let mut document = response.map(|response| error_document::parse(&response.body)).unwrap_or_default();
    let got_through = status.is_some_and(|status| status < 300 || status == 416);
    let differs = status != record.status_code && !(got_through && record.status_code.is_some_and(|code| code < 300));
    record.twin = Some(Twin {
        status_code: status,
        request_id: attempt(twin, record.dialect).request_id,
        trace_id: response.and_then(|response| response.header("x-cos-trace-id")).map(str::to_owned),
        differs,
        canonical_request: None,
        string_to_sign: None,
    });
    if let (AnsweredBy::Unknown, Some(response)) = (record.answered_by, response) {
        // The same server answered both; what the HEAD's bare headers leave open the twin's body tells.
        record.answered_by = answered_by(response, &document, record.dialect, Answer::Document(&[]));
    }
    let (mut error, _) = error_of(twin, &mut document, record.dialect);
    if record.error.code.is_none() && error.code.is_some() && twin.exception.is_none() {
        // Ids and trace belong to one request, and the HEAD's are the ones handed on.
        error.request_id = record.error.request_id.take();
        error.trace_id = record.error.trace_id.take();
        record.error = error;
        record.code_from = CodeFrom::GetTwin;
    }
    if differs {
        record.remarks.insert(
            0,
            RecordRemark::HeadAndGet {
                head: record.status_code,
                get: status,
                exception: twin.exception.as_ref().map(|exception| exception.code.to_owned()),
                two_permissions: got_through && record.status_code == Some(403),
            },
        );
    }
}
