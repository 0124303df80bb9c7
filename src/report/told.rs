//! A record as programs and people outside read it: the data of its diagnosis, and next to it the words for them.

use serde::Serialize;

use crate::domain::cause::{Cause, Owner};
use crate::domain::check::{Change, CheckExchange, CheckKind, CheckOutcome};
use crate::domain::fact::Evidence;
use crate::domain::record::Record;
use crate::domain::signed_element::SignedElement;
use crate::domain::verdict::{Comparison, Confidence, Cors, Diagnosis, Permission, Principal, Statement, Verdict};
use crate::i18n::Language;
use crate::text::{checks, facts, verdict};

/// A record whose diagnosis has words.
#[derive(Serialize)]
pub struct ToldRecord<'a> {
    #[serde(flatten)]
    record: Record,
    diagnosis: Option<ToldDiagnosis<'a>>,
}

#[derive(Serialize)]
struct ToldDiagnosis<'a> {
    verdicts: Vec<ToldVerdict<'a>>,
    checks: Vec<ToldCheck<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<ToldComparison<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    permission: Option<ToldPermission<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<ToldFormer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cors: Option<&'a Cors>,
}

#[derive(Serialize)]
struct ToldVerdict<'a> {
    cause: Cause,
    confidence: Confidence,
    summary: String,
    #[serde(flatten)]
    statement: &'a Statement,
    evidence: Vec<ToldEvidence<'a>>,
    fix: Vec<String>,
    retry: bool,
    owner: Owner,
}

#[derive(Serialize)]
struct ToldEvidence<'a> {
    fact: String,
    from: String,
    #[serde(flatten)]
    data: &'a Evidence,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToldCheck<'a> {
    check: CheckKind,
    changed: String,
    #[serde(flatten)]
    change: &'a Change,
    outcome: String,
    #[serde(flatten)]
    data: &'a CheckOutcome,
    succeeded: bool,
    request_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exchange: Option<&'a CheckExchange>,
}

#[derive(Serialize)]
struct ToldComparison<'a> {
    text: &'a str,
    store: &'a str,
    here: &'a str,
    line: Option<usize>,
    byte: Option<usize>,
    element: String,
    usual: &'a str,
    #[serde(flatten)]
    data: &'a SignedElement,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToldPermission<'a> {
    action: &'a str,
    resource: &'a str,
    principal: String,
    #[serde(flatten)]
    data: &'a Principal,
    #[serde(skip_serializing_if = "Option::is_none")]
    other_account: Option<&'a str>,
    policy: String,
}

#[derive(Serialize)]
struct ToldFormer<'a> {
    cause: Cause,
    confidence: Confidence,
    summary: String,
    #[serde(flatten)]
    statement: &'a Statement,
}

impl<'a> ToldRecord<'a> {
    /// A record in a language.
    pub fn of(record: &'a Record, language: Language) -> Self {
        let diagnosis = record.diagnosis.as_ref().map(|diagnosis| diagnosed(diagnosis, record, language));
        Self { record: record.without_diagnosis(), diagnosis }
    }
}

fn diagnosed<'a>(diagnosis: &'a Diagnosis, record: &Record, language: Language) -> ToldDiagnosis<'a> {
    let Diagnosis { verdicts, checks, signature, permission, was, cors } = diagnosis;
    ToldDiagnosis {
        verdicts: verdicts.iter().map(|verdict| told_verdict(verdict, record, language)).collect(),
        checks: checks
            .iter()
            .map(|check| ToldCheck {
                check: check.kind,
                changed: checks::change(&check.changed, language),
                change: &check.changed,
                outcome: checks::outcome(&check.outcome, language),
                data: &check.outcome,
                succeeded: check.succeeded,
                request_id: check.request_id.as_deref(),
                exchange: check.exchange.as_deref(),
            })
            .collect(),
        signature: signature.as_ref().map(|comparison| told_comparison(comparison, language)),
        permission: permission.as_ref().map(|permission| told_permission(permission, language)),
        was: was.as_ref().map(|was| ToldFormer {
            cause: was.cause,
            confidence: was.confidence,
            summary: verdict::former(was, record, language),
            statement: &was.statement,
        }),
        cors: cors.as_ref(),
    }
}

fn told_verdict<'a>(verdict: &'a Verdict, record: &Record, language: Language) -> ToldVerdict<'a> {
    let told = |data: &'a Evidence| ToldEvidence {
        fact: facts::fact(&data.fact, language),
        from: facts::source(&data.from, language),
        data,
    };
    ToldVerdict {
        cause: verdict.cause,
        confidence: verdict.confidence,
        summary: verdict::summary(verdict, record, language),
        statement: &verdict.statement,
        evidence: verdict.evidence.iter().map(told).collect(),
        fix: verdict::fix(verdict, record, language),
        retry: verdict.retry,
        owner: verdict.owner,
    }
}

fn told_comparison(comparison: &Comparison, language: Language) -> ToldComparison<'_> {
    ToldComparison {
        text: &comparison.text,
        store: &comparison.store,
        here: &comparison.here,
        line: comparison.line,
        byte: comparison.byte,
        element: facts::element(&comparison.element, language),
        usual: facts::usual(&comparison.element, language),
        data: &comparison.element,
    }
}

fn told_permission(permission: &Permission, language: Language) -> ToldPermission<'_> {
    ToldPermission {
        action: &permission.action,
        resource: &permission.resource,
        principal: verdict::principal(permission, language),
        data: &permission.principal,
        other_account: permission.other_account.as_deref(),
        policy: permission.policy(),
    }
}
