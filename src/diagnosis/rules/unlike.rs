//! Answers to another request than the one that was asked: they name another host, bucket or key, or bring
//! another document. That comes before whatever their Code means.

use super::{Case, Finding};
use crate::diagnosis::asked::{self, Mismatch, Named};
use crate::domain::cause::Cause;
use crate::domain::fact::EvidenceSource;
use crate::domain::fit::{self, Misfit};
use crate::domain::verdict::Confidence::{Certain, Likely, Possible};
use crate::i18n::tell;

/// A name in the answer that was not asked for leads; what the Code says is then at most possible.
pub fn lead(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let is_told = findings.iter().any(|finding| {
        finding.cause == Cause::Redirected || (finding.cause == Cause::RequestAltered && finding.confidence == Certain)
    });
    let Some(mismatch) = asked::mismatch(case.record).filter(|_| !is_told) else { return findings };
    let others = findings.into_iter().filter(|finding| finding.cause != Cause::RequestAltered);
    std::iter::once(named(case, mismatch)).chain(others.map(|finding| finding.at_most(Possible))).collect()
}

fn named(case: &Case<'_>, mismatch: Mismatch) -> Finding {
    let language = case.language;
    let Mismatch { named, element, said, asked } = mismatch;
    let summary = match named {
        Named::Host => {
            tell!(language, "The store got the request for the host %{said}, not %{asked}.", said = said, asked = asked)
        }
        Named::Bucket if asked.is_empty() => {
            tell!(language, "The store looked in the bucket %{said}, and none was asked for.", said = said)
        }
        Named::Bucket | Named::EndpointPath => {
            tell!(language, "The store looked in the bucket %{said}, not %{asked}.", said = said, asked = asked)
        }
        Named::Key => {
            tell!(language, "The store looked for the key %{said}, not %{asked}.", said = said, asked = asked)
        }
        Named::BucketHost => tell!(
            language,
            "The server took %{said} for the bucket, not %{asked}: it does not know this host as a bucket's.",
            said = said,
            asked = asked
        ),
        Named::BucketTwice => tell!(
            language,
            "The request names the bucket %{asked} twice: in the endpoint and in the path.",
            asked = asked
        ),
        Named::AnyKey => {
            tell!(language, "The store looked for an object, and the bucket %{asked} was asked for.", asked = asked)
        }
    };
    let fix = match named {
        Named::BucketHost => {
            tell!(
                language,
                "have the server told its own host name, or ask it by the name that it knows, with the bucket in the path"
            )
        }
        Named::EndpointPath | Named::BucketTwice | Named::AnyKey => {
            tell!(language, "take the path and the bucket out of the endpoint: it names the server alone")
        }
        _ => tell!(
            language,
            "look for what changes the request on the way: a proxy, gateway or CDN that rewrites Host or path, or the endpoint's own path"
        ),
    };
    let fact = if element.is_some() {
        tell!(language, "%{said}; asked for %{asked}", said = said, asked = asked)
    } else {
        tell!(language, "sent to %{url}", url = case.record.url)
    };
    let from = element.map_or(EvidenceSource::RequestHeaders, |element| EvidenceSource::Element(element.to_owned()));
    Finding::new(Cause::RequestAltered, Likely)
        .because(from, fact)
        .because(EvidenceSource::Body, case.said())
        .saying(summary, vec![fix.into_owned()])
}

/// A 2xx whose document is not what was asked for.
pub fn another_document(case: &Case<'_>) -> Option<Vec<Finding>> {
    let language = case.language;
    let misfit = fit::of_record(case.record)?;
    let operation = case.record.operation.as_str();
    let status = case.record.status_code.unwrap_or_default();
    let altered =
        |confidence, fact: String| Finding::new(Cause::RequestAltered, confidence).because(EvidenceSource::Body, fact);
    let changed = || tell!(language, "Another request arrived than was sent: it was changed on the way.");
    let look = || {
        vec![
            tell!(language, "look for what changes the request on the way: a proxy, gateway or CDN that rewrites Host or path, or the endpoint's own path")
                .into_owned(),
        ]
    };
    Some(match misfit {
        Misfit::WholeAccount => {
            let fact = tell!(
                language,
                "%{status}, but with ListAllMyBucketsResult: the list of all buckets, as for a request without one",
                status = status
            );
            let summary = tell!(
                language,
                "The server answered for the whole account: it does not know this host as a bucket's, and whether the bucket exists is not known."
            );
            let path = tell!(language, "give the endpoint without {bucket}, so that the bucket goes into the path");
            let serve = tell!(language, "or have the server set up for bucket host names");
            vec![
                Finding::new(Cause::BucketNotFound, Likely)
                    .because(EvidenceSource::Body, fact.clone())
                    .saying(summary, vec![path.into_owned(), serve.into_owned()]),
                altered(Possible, fact.into_owned()).saying(changed(), look()),
            ]
        }
        Misfit::OtherBucket(name) => {
            let asked = case.record.bucket.clone().unwrap_or_default();
            let fact = tell!(
                language,
                "%{status}, with a list of the bucket %{said}; asked for %{asked}",
                status = status,
                said = name,
                asked = asked
            );
            let summary =
                tell!(language, "The store looked in the bucket %{said}, not %{asked}.", said = name, asked = asked);
            vec![altered(Likely, fact.into_owned()).saying(summary, look())]
        }
        Misfit::Ignored(document) | Misfit::OtherDocument(document) => {
            let fact = tell!(language, "%{status}, but with %{document}", status = status, document = document);
            let summary = tell!(
                language,
                "The answer is not what %{operation} returns: another request arrived, or another server answered.",
                operation = operation
            );
            vec![
                altered(Likely, fact.clone().into_owned()).saying(summary, look()),
                Finding::new(Cause::NotTheStore, Possible).because(EvidenceSource::Body, fact),
            ]
        }
    })
}
