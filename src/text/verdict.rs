//! Verdicts in words: the sentence, what to do, who has to act.

use std::borrow::Cow;

use url::Url;

use crate::diagnosis::causes::{self, CauseText};
use crate::diagnosis::code_book::{self, Family};
use crate::diagnosis::permission;
use crate::domain::cause::{Cause, Owner};
use crate::domain::dialect::Dialect;
use crate::domain::record::{AnsweredBy, Record};
use crate::domain::tunnel_status;
use crate::domain::verdict::{Former, Named, Permission, Principal, Statement, Verdict};
use crate::i18n::{Language, tell};

type Words = Cow<'static, str>;

/// Returns a verdict in one sentence.
#[must_use]
pub fn summary(verdict: &Verdict, record: &Record, language: Language) -> String {
    text(verdict.cause, &verdict.statement, record, language).summary
}

/// Returns what to do, the most likely first.
#[must_use]
pub fn fix(verdict: &Verdict, record: &Record, language: Language) -> Vec<String> {
    let general = text(verdict.cause, &verdict.statement, record, language).fix;
    let exact = of_code(verdict, record, language).unwrap_or_default();
    exact.iter().chain(general.iter().filter(|fix| !exact.contains(fix))).cloned().collect()
}

/// What the code book says to do about a Code whose cause many Codes share.
fn of_code(verdict: &Verdict, record: &Record, language: Language) -> Option<Vec<String>> {
    let is_shared = matches!(
        verdict.cause,
        Cause::InvalidRequest
            | Cause::MethodNotAllowed
            | Cause::NotConfigured
            | Cause::Conflict
            | Cause::QuotaExceeded
            | Cause::EncryptionKey
            | Cause::IntegrityMismatch
    );
    let message = record.error.message.as_deref().unwrap_or_default();
    let code = record.error.code.as_deref().filter(|_| is_shared && verdict.statement == Statement::Cause)?;
    let entry = code_book::find(record.dialect, record.status_code, code, message)?;
    let is_this = entry.causes.first() == Some(&verdict.cause);
    // Other stores have no console and no domains of COS.
    let is_own = record.dialect == Dialect::Cos || entry.family == Family::S3;
    (is_this && is_own).then(|| entry.words.get(language).fix.clone())
}

/// Returns what the verdict was before the checks.
#[must_use]
pub fn former(former: &Former, record: &Record, language: Language) -> String {
    text(former.cause, &former.statement, record, language).summary
}

fn text(cause: Cause, statement: &Statement, record: &Record, language: Language) -> CauseText {
    let (summary, fix): (Words, Vec<Words>) = match statement {
        Statement::Told { summary, fix } => return CauseText { summary: summary.clone(), fix: fix.clone() },
        Statement::Cause => return of_cause(cause, record, language),
        Statement::ClocksDiffer { seconds } => {
            let CauseText { fix, .. } = of_cause(cause, record, language);
            return CauseText { summary: clock(*seconds, language).into_owned(), fix };
        }
        Statement::FoundIn { region } => (
            tell!(language, "The bucket is in %{region}.", region = region),
            vec![tell!(
                language,
                "Use the region %{region}: --region %{region}, or region = \"%{region}\" in the profile.",
                region = region
            )],
        ),
        Statement::KeptByCache => (
            tell!(language, "A cache on the way answered with its copy of another request's response."),
            vec![
                tell!(language, "Retry when the copy in the cache has expired, or bypass the cache."),
                tell!(language, "Configure the cache to keep neither failures nor responses to signed requests."),
            ],
        ),
        Statement::OtherName { what, named, asked } => {
            (other_name(*what, named, asked, language), vec![name_fix(*what, language)])
        }
        Statement::NoCredentials => {
            let where_from = if record.dialect == Dialect::Cos {
                tell!(
                    language,
                    "Give the program SecretId and SecretKey where it reads them: environment, configuration file or role."
                )
            } else {
                tell!(
                    language,
                    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile or role that the program uses. Check which user it runs as."
                )
            };
            (tell!(language, "The client found no credentials: nothing was sent."), vec![where_from])
        }
        Statement::HostNotListed => (
            tell!(language, "The mini program's list of server domains does not have this host: nothing was sent."),
            vec![tell!(
                language,
                "Add the bucket's host to the request, uploadFile and downloadFile domains in the mini program's console."
            )],
        ),
        Statement::WholeAccount => (
            tell!(
                language,
                "The server listed the whole account: it does not know this host name as a bucket's, so the bucket may or may not exist."
            ),
            vec![
                tell!(language, "Use an endpoint without {bucket}, so that the bucket goes into the path."),
                tell!(language, "Or configure the server for bucket host names."),
            ],
        ),
        Statement::OtherRequest => (
            tell!(language, "The store received a different request from the one that was sent."),
            vec![look_on_the_way(language)],
        ),
        Statement::OtherDocument { operation } => (
            tell!(
                language,
                "The response is not what %{operation} returns: the request was changed on the way, or another server answered.",
                operation = operation
            ),
            vec![look_on_the_way(language)],
        ),
        Statement::SignatureRemoved => (
            tell!(
                language,
                "The signature does not reach the store: something on the way removes the Authorization header."
            ),
            vec![tell!(language, "Configure the proxy or gateway on the way to forward the Authorization header.")],
        ),
        Statement::CertificateNotForServers => (
            tell!(language, "The certificate is not made for use by a server."),
            vec![
                tell!(language, "If it is your store's own certificate, pass that certificate with --ca-file."),
                tell!(
                    language,
                    "Otherwise ask the store's owner for a new one: CA:FALSE, made for servers, signed by a CA that --ca-file names."
                ),
            ],
        ),
    };
    CauseText { summary: summary.into_owned(), fix: fix.into_iter().map(Cow::into_owned).collect() }
}

/// The cause's own words, for the store that was asked.
fn of_cause(cause: Cause, record: &Record, language: Language) -> CauseText {
    let mut text = causes::text(cause, record.dialect).get(language).clone();
    if cause == Cause::NotTheStore {
        let proxied =
            record.status_code.filter(|status| matches!(status, 403 | 451 | 500..) && record.via.proxy.is_some());
        match proxied.and_then(|status| by_proxy_status(status, record, language)) {
            Some(exact) => text.fix = vec![exact.into_owned()],
            None => drop(text.fix.splice(..0, by_status(record, language).map(Cow::into_owned))),
        }
    }
    if cause == Cause::ProxyFailed {
        let status = record.status_code.or_else(|| tunnel_status::of_record(record));
        let exact = status.and_then(|status| by_proxy_status(status, record, language));
        text.fix = exact.map_or(text.fix, |exact| vec![exact.into_owned()]);
    }
    if cause == Cause::Undetermined {
        text.fix = missing(record, language).map_or(text.fix, |missing| vec![missing.into_owned()]);
    }
    if record.dialect == Dialect::Cos {
        let unknown = || tell!(language, "the action of this request").into_owned();
        let action = permission::action(record).unwrap_or_else(unknown);
        text.fix.iter_mut().for_each(|fix| *fix = fix.replace("{action}", &action));
    }
    text
}

/// Returns what to do about the status of a server that is not the store.
fn by_status(record: &Record, language: Language) -> Option<Words> {
    let body = record.body.as_deref().unwrap_or_default();
    let is_plain_http =
        body.contains("plain HTTP request was sent to HTTPS") || body.contains("HTTP request to an HTTPS");
    Some(match record.status_code? {
        400 if is_plain_http => tell!(language, "Use https: this port speaks TLS. Remove --scheme http."),
        401 => tell!(language, "Log in to the gateway that answered, or bypass it."),
        405 => tell!(language, "Ask the owner of the proxy to allow the method %{method}.", method = record.method),
        413 => tell!(language, "Raise the proxy's size limit for request bodies, or upload in smaller parts."),
        429 => tell!(language, "Slow down: the proxy limits the request rate. Its owner knows the limit."),
        502 => tell!(
            language,
            "Ask the owner of the gateway why it cannot reach the store: upstream address, DNS, firewall."
        ),
        503 => tell!(language, "Retry later. Ask the owner of the gateway whether the store is marked as down there."),
        504 => {
            tell!(language, "Raise the gateway's timeout, or ask its owner why the store's response does not reach it.")
        }
        _ => return None,
    })
}

/// Returns what to do about the status that a proxy gave.
fn by_proxy_status(status: u16, record: &Record, language: Language) -> Option<Words> {
    let url = Url::parse(&record.url).ok();
    let unknown = || tell!(language, "the store's host").into_owned();
    let host = url.as_ref().and_then(Url::host_str).map_or_else(unknown, str::to_owned);
    Some(match status {
        407 => {
            tell!(language, "Add the proxy's user and password to its URL, in HTTPS_PROXY or in proxy of the profile.")
        }
        400..=499 => {
            tell!(language, "Ask the owner of the proxy to allow %{host}, or list the host in NO_PROXY.", host = host)
        }
        500.. => tell!(
            language,
            "Ask the owner of the proxy why it cannot reach %{host}: DNS, firewall, its own proxy.",
            host = host
        ),
        _ => return None,
    })
}

/// What would tell the cause and is not there; `None` where the request ID is what is left.
fn missing(record: &Record, language: Language) -> Option<Words> {
    // What an SDK refuses it names so; a browser's extensions block.
    let code = record.error.code.as_deref().unwrap_or_default();
    let is_refusal = record.answered_by == AnsweredBy::Nobody && matches!(code, "Error" | "ERR_BLOCKED_BY_CLIENT");
    if is_refusal && record.error.message.is_some() {
        return Some(tell!(
            language,
            "Correct what the message names: the client refused the request, and nothing was sent."
        ));
    }
    if record.request_id.is_some() {
        return None;
    }
    let has_words = record.error.code.is_some() || record.error.message.is_some();
    Some(match (record.status_code.is_some(), has_words, record.source.is_probe()) {
        (true, false, false) => {
            tell!(language, "Add the body and the headers of this response: the Code and the RequestId are in them.")
        }
        (false, true, false) => {
            tell!(language, "Add the status, the Code and the RequestId that belong to this message.")
        }
        _ => tell!(language, "Get the whole response, headers and body, from curl -v or from the SDK."),
    })
}

fn clock(seconds: i64, language: Language) -> Words {
    let apart = match seconds.unsigned_abs() {
        seconds @ 0..120 => tell!(language, "%{n} s", n = seconds),
        seconds @ 120..7_200 => tell!(language, "%{n} min", n = seconds / 60),
        seconds @ 7_200..172_800 => tell!(language, "%{n} h", n = seconds / 3_600),
        seconds => tell!(language, "%{n} days", n = seconds / 86_400),
    };
    if seconds > 0 {
        tell!(language, "This machine's clock is %{time} behind the store's.", time = apart)
    } else {
        tell!(language, "This machine's clock is %{time} ahead of the store's.", time = apart)
    }
}

fn other_name(what: Named, named: &str, asked: &str, language: Language) -> Words {
    match what {
        Named::Host => tell!(
            language,
            "The store received the request for the host %{named} instead of %{asked}.",
            named = named,
            asked = asked
        ),
        Named::Bucket | Named::EndpointPath => {
            tell!(
                language,
                "The store looked in the bucket %{named} instead of %{asked}.",
                named = named,
                asked = asked
            )
        }
        Named::SomeBucket => {
            tell!(language, "The store looked in the bucket %{named}, but the request names no bucket.", named = named)
        }
        Named::Key => {
            tell!(language, "The store looked for the key %{named} instead of %{asked}.", named = named, asked = asked)
        }
        Named::BucketHost => tell!(
            language,
            "The server took %{named} for the bucket instead of %{asked}: it does not know this host name as a bucket's.",
            named = named,
            asked = asked
        ),
        Named::BucketTwice => tell!(
            language,
            "The request names the bucket %{asked} twice: in the endpoint and in the path.",
            asked = asked
        ),
        Named::AnyKey => {
            tell!(
                language,
                "The store looked for an object, but the request is for the bucket %{asked}.",
                asked = asked
            )
        }
    }
}

fn name_fix(what: Named, language: Language) -> Words {
    match what {
        Named::BucketHost => tell!(
            language,
            "Configure the server with its own host name, or use the name that it knows and put the bucket in the path."
        ),
        Named::EndpointPath | Named::BucketTwice | Named::AnyKey => {
            tell!(language, "Remove the path and the bucket from the endpoint: it names only the server.")
        }
        Named::Host | Named::Bucket | Named::SomeBucket | Named::Key => look_on_the_way(language),
    }
}

fn look_on_the_way(language: Language) -> Words {
    tell!(
        language,
        "Find what changes the request on the way: a proxy, gateway or CDN that rewrites Host or path, or the endpoint's own path."
    )
}

/// Returns who has to act.
#[must_use]
pub fn owner(owner: Owner, language: Language) -> Words {
    match owner {
        Owner::Client => tell!(language, "you: the request"),
        Owner::Account => tell!(language, "the account: its settings or permissions"),
        Owner::Store => tell!(language, "the store"),
        Owner::Network => tell!(language, "the network between you and the store"),
    }
}

/// Returns whose a Code is.
#[must_use]
pub fn family(family: Family, language: Language) -> Words {
    match family {
        Family::Cos => "COS".into(),
        Family::Wild => tell!(language, "COS, not on the vendor's list"),
        Family::Ci => tell!(language, "COS data processing (CI)"),
        Family::Vector => tell!(language, "COS vector buckets"),
        Family::Image => tell!(language, "COS image processing"),
        Family::Legacy => tell!(language, "COS JSON API, the older one"),
        Family::S3 => tell!(language, "S3-compatible stores"),
        Family::Client => tell!(language, "client exception"),
    }
}

/// Returns whom a permission must be given to.
#[must_use]
pub fn principal(permission: &Permission, language: Language) -> String {
    let whom = match &permission.principal {
        Principal::Told(words) => Cow::Owned(words.clone()),
        Principal::Unknown => tell!(language, "unknown: the request's SecretId is not known here"),
        Principal::User { secret_id } => tell!(
            language,
            "the owner of SecretId %{id} (look it up in CAM, API keys; COS does not say)",
            id = secret_id
        ),
        Principal::Temporary { secret_id } => tell!(
            language,
            "the role or user of temporary SecretId %{id}, and the policy that it was issued with: both must allow it (COS does not say who that is)",
            id = secret_id
        ),
    };
    match &permission.other_account {
        Some(appid) => tell!(
            language,
            "%{whom}. The bucket belongs to another account: APPID %{appid} must allow it in its policy",
            whom = whom,
            appid = appid
        )
        .into_owned(),
        None => whom.into_owned(),
    }
}
