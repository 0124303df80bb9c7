//! Answers to another request than the one that was asked: they name another host, bucket or key, or bring
//! another document. That comes before whatever their Code means.

use super::context::RuleContext;
use super::finding::Finding;
use crate::diagnosis::asked::{self, Mismatch};
use crate::domain::cause::Cause;
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::fit::{self, Misfit};
use crate::domain::verdict::Confidence::{Certain, Likely, Possible};
use crate::domain::verdict::{Named, Statement};

/// A name in the answer that was not asked for leads; what the Code says is then at most possible.
pub fn lead(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let is_told = findings.iter().any(|finding| {
        finding.cause == Cause::Redirected || (finding.cause == Cause::RequestAltered && finding.confidence == Certain)
    });
    let Some(mismatch) = asked::mismatch(case.record).filter(|_| !is_told) else { return findings };
    let others = findings.into_iter().filter(|finding| finding.cause != Cause::RequestAltered);
    std::iter::once(named(case, mismatch)).chain(others.map(|finding| finding.at_most(Possible))).collect()
}

fn named(case: &RuleContext<'_>, mismatch: Mismatch) -> Finding {
    let Mismatch { what, element, named, asked } = mismatch;
    let (from, fact) = match element {
        Some(element) => {
            (EvidenceSource::element(element), Fact::OtherName { named: named.clone(), asked: asked.clone() })
        }
        None => (EvidenceSource::RequestHeaders, Fact::SentTo { url: case.record.url.clone() }),
    };
    Finding::new(Cause::RequestAltered, Likely)
        .because(from, fact)
        .because(EvidenceSource::Body, case.said())
        .saying(Statement::OtherName { what, named, asked })
}

/// A 2xx whose document is not what was asked for.
pub fn another_document(case: &RuleContext<'_>) -> Option<Vec<Finding>> {
    let misfit = fit::of_record(case.record)?;
    let status = case.record.status_code.unwrap_or_default();
    let finding = |cause, confidence, fact| Finding::new(cause, confidence).because(EvidenceSource::Body, fact);
    Some(match misfit {
        Misfit::WholeAccount => {
            let fact = Fact::WholeAccountListed { status };
            vec![
                finding(Cause::BucketNotFound, Likely, fact.clone()).saying(Statement::WholeAccount),
                finding(Cause::RequestAltered, Possible, fact).saying(Statement::OtherRequest),
            ]
        }
        Misfit::OtherBucket(listed) => {
            let asked = case.record.bucket.clone().unwrap_or_default();
            let statement = Statement::OtherName { what: Named::Bucket, named: listed.clone(), asked: asked.clone() };
            let fact = Fact::OtherBucketListed { status, listed, asked };
            vec![finding(Cause::RequestAltered, Likely, fact).saying(statement)]
        }
        Misfit::Ignored(document) | Misfit::OtherDocument(document) => {
            let fact = Fact::OtherDocument { status, document };
            let operation = case.record.operation.clone();
            vec![
                finding(Cause::RequestAltered, Likely, fact.clone()).saying(Statement::OtherDocument { operation }),
                finding(Cause::NotTheStore, Possible, fact),
            ]
        }
    })
}
