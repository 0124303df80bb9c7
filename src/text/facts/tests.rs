use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use super::*;
use crate::domain::check::{Change, CheckKind, CheckOutcome, ShortResponse};
use crate::domain::client_failure::{ClientFailure, Dialled, TunnelRefusal};
use crate::domain::fact::Evidence;
use crate::domain::record::Record;
use crate::domain::record_remark::{ForeignBody, RecordRemark};
use crate::domain::verdict::{Former, Named, Permission, Principal, Statement};
use crate::text::cells;
use crate::text::checks::{change, check_kind, outcome};
use crate::text::verdict;

/// A text that no sentence of ours has.
const VALUE: &str = "x-v4lue";

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| c > '\u{2E80}')
}

/// Every empty text, list and number replaced by one that is not, and what is missing by `missing`.
fn filled(value: Value, missing: &Value) -> Value {
    match value {
        Value::Null => missing.clone(),
        Value::String(text) if text.is_empty() => json!(VALUE),
        Value::Array(all) if all.is_empty() => json!([VALUE]),
        Value::Array(all) => Value::Array(all.into_iter().map(|value| filled(value, missing)).collect()),
        Value::Object(all) => {
            Value::Object(all.into_iter().map(|(name, value)| (name, filled(value, missing))).collect())
        }
        Value::Number(number) if number.as_i64() == Some(0) => json!(431),
        other => other,
    }
}

/// Every variant as it is by default, and with all of its values.
fn samples<T: IntoEnumIterator + Clone + Serialize + DeserializeOwned>() -> impl Iterator<Item = T> {
    T::iter().flat_map(|plain| {
        let json = serde_json::to_value(&plain).expect("JSON");
        let missing = [Value::Null, json!(VALUE), json!(431), json!(true), json!("2026-11-23T06:38:09Z")];
        let whole = missing.map(|missing| serde_json::from_value(filled(json.clone(), &missing)).ok());
        std::iter::once(plain).chain(whole.into_iter().flatten())
    })
}

/// Every variant has words in both languages; what a server said has a place in them, and a variant that holds
/// such words alone says nothing of its own.
fn assert_told<T>(words: impl Fn(&T, Language) -> String, is_quoted: impl Fn(&T) -> bool)
where
    T: IntoEnumIterator + Clone + Debug + PartialEq + Serialize + DeserializeOwned,
{
    for sample in samples::<T>() {
        let json = serde_json::to_value(&sample).expect("JSON");
        assert_eq!(serde_json::from_value::<T>(json.clone()).expect("read back"), sample);
        let (en, zh) = (words(&sample, Language::En), words(&sample, Language::Zh));
        assert!(!en.contains("%{") && !zh.contains("%{") && !is_chinese(&en), "{sample:?}: {en} {zh}");
        let has_value = json.to_string().contains(VALUE);
        for words in [&en, &zh] {
            assert!(!has_value || words.contains(VALUE), "{sample:?} does not say its value: {words}");
        }
        if is_quoted(&sample) {
            assert_eq!(en, zh, "{sample:?}");
        } else {
            assert!(!en.is_empty() && is_chinese(&zh), "{sample:?}: {en} {zh}");
        }
    }
}

#[test]
fn every_fact_has_words() {
    assert_told(fact, |fact| {
        matches!(fact, Fact::Told(_) | Fact::Value(_) | Fact::Error { .. })
            // A status and a Code are the same everywhere.
            || matches!(fact, Fact::Response(response) if response.status.is_some())
            || matches!(fact, Fact::CorsAsked { origin: None, method: None })
    });
}

#[test]
fn every_source_has_words() {
    let is_name = |source: &EvidenceSource| {
        matches!(
            source,
            EvidenceSource::Told(_) | EvidenceSource::SecretId | EvidenceSource::SecretKey | EvidenceSource::Head
        )
    };
    assert_told(source, is_name);
    assert_told(short_source, |source| is_name(source) || *source == EvidenceSource::RequestId);
}

#[test]
fn every_change_and_outcome_has_words() {
    assert_told(change, |change| matches!(change, Change::Told(_)));
    assert_told(outcome, |outcome| match outcome {
        CheckOutcome::Told(_) | CheckOutcome::Pending => true,
        CheckOutcome::Response(response) => response.status.is_some(),
        CheckOutcome::Addresses(all) => all.is_empty(),
        _ => false,
    });
    for kind in CheckKind::iter() {
        assert!(is_chinese(&check_kind(kind, Language::Zh)), "{kind}");
    }
}

#[test]
fn every_element_has_words_and_says_what_usually_changes_it() {
    assert_told(element, |element| matches!(element, SignedElement::Told(..)));
    let classes: std::collections::BTreeSet<_> = SignedElement::iter().map(|element| element.class()).collect();
    let known: std::collections::BTreeSet<_> = USUAL.keys().map(String::as_str).collect();
    let unused: Vec<_> = known.iter().filter(|class| !classes.contains(*class) && **class != "header-host").collect();
    assert!(unused.is_empty(), "{unused:?}");
    for element in SignedElement::iter().filter(|element| !matches!(element, SignedElement::Told(..))) {
        let (en, zh) = (usual(&element, Language::En), usual(&element, Language::Zh));
        assert!(en.len() > 20 && en.ends_with('.') && is_chinese(zh), "{element:?}: {en}");
    }
}

#[test]
fn every_region_remark_and_cors_refusal_has_words() {
    assert_told(region_remark, |_| false);
    assert_told(|refusal, language| cors_refusal(refusal, language).into_owned(), |_| false);
}

#[test]
fn every_statement_and_principal_has_words() {
    let record = Record::imported("import:x:1".to_owned(), Timestamp::UNIX_EPOCH);
    for statement in samples::<Statement>() {
        let json = serde_json::to_value(&statement).expect("JSON");
        let verdict: crate::domain::verdict::Verdict = serde_json::from_value(json!({
            "cause": "clock-skew", "confidence": "likely", "evidence": [], "retry": false, "owner": "client",
            "summaryId": json["summaryId"], "summaryValues": json["summaryValues"],
        }))
        .expect("a verdict");
        assert_eq!(verdict.statement, statement);
        if matches!(statement, Statement::Told { .. }) {
            continue;
        }
        let told = |language| {
            let fix = verdict::fix(&verdict, &record, language);
            assert!(!fix.is_empty(), "{statement:?}");
            std::iter::once(verdict::summary(&verdict, &record, language)).chain(fix).collect::<Vec<_>>()
        };
        for words in told(Language::En) {
            let is_sentence = words.starts_with(char::is_uppercase) && words.ends_with('.') && !words.contains("%{");
            assert!(is_sentence && !is_chinese(&words), "{statement:?}: {words}");
        }
        for words in told(Language::Zh) {
            assert!(is_chinese(&words) && words.ends_with('。') && !words.contains("%{"), "{statement:?}: {words}");
        }
    }
    for what in Named::iter() {
        let statement = Statement::OtherName { what, named: VALUE.to_owned(), asked: "asked".to_owned() };
        let former = Former {
            cause: crate::domain::cause::Cause::RequestAltered,
            confidence: crate::domain::verdict::Confidence::Likely,
            statement,
        };
        assert!(is_chinese(&verdict::former(&former, &record, Language::Zh)), "{what:?}");
    }
    for principal in samples::<Principal>() {
        let permission = Permission {
            action: String::new(),
            resource: String::new(),
            principal: principal.clone(),
            other_account: Some("1250000000".to_owned()),
        };
        let zh = verdict::principal(&permission, Language::Zh);
        assert!(zh.contains("1250000000") && is_chinese(&zh), "{principal:?}: {zh}");
    }
}

#[test]
fn every_client_failure_has_words() {
    assert_told(ClientFailure::localize, |failure| matches!(failure, ClientFailure::Told(_)));
    for failure in samples::<ClientFailure>() {
        assert_eq!(failure.to_string(), failure.localize(Language::En));
        let said = fact(&Fact::Client { code: "ECODE".to_owned(), failure: failure.clone() }, Language::Zh);
        assert_eq!(said, format!("ECODE: {}", failure.localize(Language::Zh)));
    }
    let words = |failure: ClientFailure| [failure.localize(Language::En), failure.localize(Language::Zh)];
    let to = Dialled { host: "h:443".to_owned(), address: Some("10.0.0.1:80".to_owned()) };
    let refusal = TunnelRefusal { status: 403, squid_error: Some("E 0".to_owned()), title: Some("No".to_owned()) };
    for (failure, wanted) in [
        (
            ClientFailure::NoConnection { to, within_ms: Some(400) },
            ["no connection to 10.0.0.1:80 (for h:443) within 0.4 s", "0.4 秒内未能连接到 10.0.0.1:80（代替 h:443）"],
        ),
        (
            ClientFailure::TunnelRefused { proxy: "http://p:1 (--proxy)".to_owned(), refusal },
            [
                "no connection through the proxy http://p:1 (--proxy): CONNECT was answered with 403 Forbidden, \
                 X-Squid-Error E 0, \"No\"",
                "无法通过代理 http://p:1 (--proxy) 建立连接：CONNECT 返回 403 Forbidden，X-Squid-Error E 0，\"No\"",
            ],
        ),
        (
            ClientFailure::BodyTooSlow { received: 5, announced: Some(10) },
            [
                "the body broke off after 5 of 10 bytes: the time limit was reached",
                "响应体在 5 / 10 字节处中断：已达到时间上限",
            ],
        ),
        (
            ClientFailure::CertificateExpired { end: Some(Timestamp::UNIX_EPOCH) },
            ["the certificate expired on 1970-01-01", "证书已于 1970-01-01 过期"],
        ),
    ] {
        assert_eq!(words(failure), wanted);
    }
}

#[test]
fn every_remark_on_a_record_has_words() {
    assert_told(RecordRemark::localize, |remark| matches!(remark, RecordRemark::Told(_)));
    for body in samples::<ForeignBody>() {
        let remark = RecordRemark::NotTheStore { server: None, body };
        assert!(is_chinese(&remark.localize(Language::Zh)) && !is_chinese(&remark.to_string()), "{remark:?}");
    }
    let both = |head, get, exception: Option<&str>, two_permissions| {
        let exception = exception.map(str::to_owned);
        RecordRemark::HeadAndGet { head, get, exception, two_permissions }.to_string()
    };
    let permissions = "HEAD answered 403, the same request as GET 206: HEAD and GET are two permissions";
    assert_eq!(both(Some(403), Some(206), None, true), permissions);
    assert_eq!(both(None, None, None, false), "HEAD answered nothing, the same request as GET nothing");
    assert_eq!(both(Some(403), Some(200), Some("EX"), false), "HEAD answered 403, the same request as GET EX");
}

#[test]
fn a_fact_is_kept_by_its_id_and_read_in_any_language() {
    let evidence = Evidence {
        fact: Fact::NotPublic { response: ShortResponse::of_status(Some(403)) },
        from: EvidenceSource::Check(CheckKind::Anonymous),
    };
    let kept = serde_json::to_value(&evidence).expect("JSON");
    let wanted = json!({
        "factId": "not-public", "values": { "response": { "status": 403 } },
        "sourceId": "check", "sourceName": "anonymous",
    });
    assert_eq!(kept, wanted);
    let read: Evidence = serde_json::from_value(kept).expect("evidence");
    assert_eq!(fact(&read.fact, Language::En), "403: it is not public");
    assert_eq!(fact(&read.fact, Language::Zh), "403：不是公有读");
    assert_eq!(conclusion(&read.fact, Language::En).as_deref(), Some("it is not public"));
}

#[test]
fn words_of_an_earlier_version_and_facts_of_a_later_one_stay_as_they_are() {
    for id in [json!(null), json!("a-fact-of-tomorrow")] {
        let old = json!({ "fact": "three of them", "from": "header date", "factId": id, "sourceId": id });
        let read: Evidence = serde_json::from_value(old).expect("evidence");
        assert_eq!(fact(&read.fact, Language::Zh), "three of them");
        assert_eq!(source(&read.from, Language::Zh), "header date");
        let again: Evidence = serde_json::from_value(serde_json::to_value(&read).expect("JSON")).expect("evidence");
        assert_eq!(again, read);
    }
}

/// A record of which no answer came, with a remark.
fn unanswered() -> Record {
    let failure = ClientFailure::NoResponse { within_ms: 30_000 };
    let mut record = Record::imported("import:x:1".to_owned(), Timestamp::UNIX_EPOCH);
    record.error.code = Some("ETIMEDOUT".to_owned());
    record.error.message = Some(failure.to_string());
    record.client_failure = Some(failure);
    record.remarks = vec![RecordRemark::NoTime, RecordRemark::SentElsewhere { server: None, location: "x".to_owned() }];
    record
}

#[test]
fn a_record_is_kept_as_data_beside_english_that_any_program_reads() {
    let record = unanswered();
    let kept = serde_json::to_value(&record).expect("JSON");
    assert_eq!(kept["error"]["Message"], "connected, but no response within 30 s");
    assert_eq!((&kept["failureId"], &kept["failureValues"]), (&json!("no-response"), &json!({ "withinMs": 30_000 })));
    assert_eq!(kept["remarks"][1], "sent elsewhere by a server without a name: x");
    assert_eq!(kept["remarkFacts"][0], json!({ "remarkId": "no-time" }));
    let read: Record = serde_json::from_value(kept).expect("a record");
    assert_eq!(read, record);
    assert_eq!(cells::message(&read, Language::Zh), "已连接，但 30 秒内没有响应");
    assert_eq!(read.remarks[0].localize(Language::Zh), "文本中没有时间：显示的是读取时间");
}

#[test]
fn sentences_of_an_earlier_version_and_data_of_a_later_one_stay_readable() {
    let mut old = serde_json::to_value(unanswered()).expect("JSON");
    for id in [None, Some("a-failure-of-tomorrow")] {
        let fields = old.as_object_mut().expect("an object");
        fields.remove("failureValues");
        match id {
            None => drop((fields.remove("failureId"), fields.remove("remarkFacts"))),
            Some(id) => {
                fields.insert("failureId".to_owned(), json!(id));
                fields.insert("remarkFacts".to_owned(), json!([{ "remarkId": id }]));
            }
        }
        let read: Record = serde_json::from_value(old.clone()).expect("a record");
        assert_eq!(cells::message(&read, Language::Zh), "connected, but no response within 30 s", "{id:?}");
        let remarks: Vec<_> = read.remarks.iter().map(|remark| remark.localize(Language::Zh)).collect();
        let english =
            ["no time stands in the text: that of reading it is shown", "sent elsewhere by a server without a name: x"];
        assert_eq!(remarks, english, "{id:?}");
    }
}
