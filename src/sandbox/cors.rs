//! Cross-origin requests: the preflight, and the headers that let a page read an answer.

use http::StatusCode;

use super::buckets::{Bucket, CorsRule};
use super::failure::Failure;
use super::reply::{Header, Reply};
use super::request::IncomingRequest;

/// Answers OPTIONS.
pub(super) fn preflight(bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let allowed = request
        .header("access-control-request-method")
        .and_then(|method| headers(bucket, request, method))
        .ok_or_else(|| {
        // "evalution" and "Requet" are the store's own spelling.
        Failure::new(
            StatusCode::FORBIDDEN,
            "AccessForbidden",
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, \
                 request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted \
                 by the resource's CORS spec.",
        )
    })?;
    let mut reply = Reply::empty(StatusCode::OK);
    reply.headers = allowed;
    if let Some(wanted) = request.header("access-control-request-headers") {
        reply.headers.push(("access-control-allow-headers".into(), wanted.to_owned()));
    }
    Ok(reply.with_header("access-control-max-age", "600"))
}

/// The headers for a request of this method from the page that it names; `None` when no rule fits.
pub(super) fn headers(bucket: &Bucket, request: &IncomingRequest, method: &str) -> Option<Vec<Header>> {
    let origin = request.header("origin")?;
    let wanted = request.header("access-control-request-headers").unwrap_or_default();
    let wanted: Vec<_> = wanted.split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
    let allows = |rule: &CorsRule, name: &str| {
        name.is_empty() || rule.headers.iter().any(|known| *known == "*" || *known == name)
    };
    let fits = |rule: &&CorsRule| {
        rule.origin == origin && rule.methods.contains(&method) && wanted.iter().all(|name| allows(rule, name))
    };
    let rule = bucket.cors.iter().find(fits)?;
    Some(vec![
        ("access-control-allow-origin".into(), origin.to_owned()),
        ("access-control-allow-methods".into(), rule.methods.join(",")),
        ("access-control-expose-headers".into(), rule.expose.to_owned()),
        ("vary".into(), "Origin".to_owned()),
    ])
}
