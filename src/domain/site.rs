//! Which vendor's a host is, and what it says about bucket and region.

/// Where a host's name has the bucket and the region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `[bucket.]s3[.region].SUFFIX`, also `s3-region`: the label that begins with the word parts them.
    Word(&'static str),
    /// `[bucket.]region.SUFFIX`.
    Region,
    /// `[bucket.]account.SUFFIX`, with no region.
    Account,
    /// `[bucket.]SUFFIX`, with no region.
    Bare,
}

/// S3-compatible stores by the end of their hosts' names; the vendor's own domains of COS are elsewhere.
const SUFFIXES: &[(&str, Form)] = &[
    ("amazonaws.com", Form::Word("s3")),
    ("amazonaws.com.cn", Form::Word("s3")),
    ("eu.r2.cloudflarestorage.com", Form::Account),
    ("fedramp.r2.cloudflarestorage.com", Form::Account),
    ("r2.cloudflarestorage.com", Form::Account),
    ("backblazeb2.com", Form::Word("s3")),
    ("wasabisys.com", Form::Word("s3")),
    ("cdn.digitaloceanspaces.com", Form::Region),
    ("digitaloceanspaces.com", Form::Region),
    ("aliyuncs.com", Form::Word("oss")),
    ("myhuaweicloud.com", Form::Word("obs")),
    ("myhuaweicloud.eu", Form::Word("obs")),
    ("scw.cloud", Form::Word("s3")),
    ("cloud-object-storage.appdomain.cloud", Form::Word("s3")),
    ("storage.googleapis.com", Form::Bare),
    ("linodeobjects.com", Form::Region),
    ("vultrobjects.com", Form::Region),
    ("your-objectstorage.com", Form::Region),
    ("contabostorage.com", Form::Region),
    ("idrivee2.com", Form::Account),
    ("ovh.net", Form::Word("s3")),
    ("cloud.ovh.net", Form::Word("s3")),
    ("volces.com", Form::Word("tos")),
    ("qiniucs.com", Form::Word("s3")),
    ("bcebos.com", Form::Region),
    ("ksyuncs.com", Form::Region),
    ("localstack.cloud", Form::Word("s3")),
];

/// What comes between the word and the region, and is neither.
const PARTS: &[&str] =
    &["dualstack", "private", "direct", "accelerate", "website", "fips", "internal", "cloud", "io", "gra"];

/// What a host of another store than COS says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// In front of the store's own name; the path names it where it is absent.
    pub bucket: Option<String>,
    /// The region.
    pub region: Option<String>,
}

/// Reads the host of an S3-compatible store; `None` of any other host.
#[must_use]
pub fn of_host(host: &str) -> Option<Site> {
    let host = host.to_ascii_lowercase();
    let (name, form) = SUFFIXES
        .iter()
        .filter_map(|(suffix, form)| {
            let name = host.strip_suffix(suffix)?;
            (name.is_empty() || name.ends_with('.')).then_some((name.trim_end_matches('.'), *form, suffix.len()))
        })
        .max_by_key(|(_, _, length)| *length)
        .map(|(name, form, _)| (name, form))?;
    let labels: Vec<&str> = name.split('.').filter(|label| !label.is_empty()).collect();
    let joined = |labels: &[&str]| Some(labels.join(".")).filter(|name| !name.is_empty());
    Some(match form {
        Form::Bare => Site { bucket: joined(&labels), region: None },
        Form::Account => Site { bucket: joined(labels.get(..labels.len().saturating_sub(1))?), region: None },
        Form::Region => {
            let (region, before) = labels.split_last()?;
            Site { bucket: joined(before), region: Some((*region).to_owned()) }
        }
        Form::Word(word) => {
            let is_word =
                |label: &&str| *label == word || label.strip_prefix(word).is_some_and(|rest| rest.starts_with('-'));
            let at = labels.iter().rposition(is_word)?;
            let own = labels[at].strip_prefix(word).unwrap_or_default().trim_start_matches('-');
            let own = PARTS
                .iter()
                .fold(own, |own, part| own.strip_prefix(part).map_or(own, |rest| rest.trim_start_matches('-')));
            let own = own.strip_suffix("-internal").unwrap_or(own);
            let behind = labels[at + 1..].iter().copied().filter(|label| !PARTS.contains(label));
            let region =
                Some(own).filter(|own| !own.is_empty()).into_iter().chain(behind).find(|label| !label.is_empty());
            Site { bucket: joined(&labels[..at]), region: region.map(str::to_owned) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendors_hosts_are_read() {
        for (host, wanted) in [
            ("b.s3.us-west-2.amazonaws.com", Some(("b", "us-west-2"))),
            ("b.with.dots.s3-us-west-2.amazonaws.com", Some(("b.with.dots", "us-west-2"))),
            ("b.s3.amazonaws.com", Some(("b", ""))),
            ("s3.amazonaws.com", Some(("", ""))),
            ("s3-eu-west-1.amazonaws.com", Some(("", "eu-west-1"))),
            ("b.s3.dualstack.eu-west-1.amazonaws.com", Some(("b", "eu-west-1"))),
            ("b.s3-accelerate.dualstack.amazonaws.com", Some(("b", ""))),
            ("b.s3-website-us-east-1.amazonaws.com", Some(("b", "us-east-1"))),
            ("b.s3-website.eu-central-1.amazonaws.com", Some(("b", "eu-central-1"))),
            ("b.s3.cn-north-1.amazonaws.com.cn", Some(("b", "cn-north-1"))),
            ("b.0123456789abcdef.r2.cloudflarestorage.com", Some(("b", ""))),
            ("0123456789abcdef.eu.r2.cloudflarestorage.com", Some(("", ""))),
            ("b.s3.us-west-004.backblazeb2.com", Some(("b", "us-west-004"))),
            ("s3.eu-central-1.wasabisys.com", Some(("", "eu-central-1"))),
            ("b.sfo3.digitaloceanspaces.com", Some(("b", "sfo3"))),
            ("b.sfo3.cdn.digitaloceanspaces.com", Some(("b", "sfo3"))),
            ("b.oss-cn-hangzhou-internal.aliyuncs.com", Some(("b", "cn-hangzhou"))),
            ("b.obs.cn-north-4.myhuaweicloud.com", Some(("b", "cn-north-4"))),
            ("b.s3.fr-par.scw.cloud", Some(("b", "fr-par"))),
            ("b.s3.private.us-south.cloud-object-storage.appdomain.cloud", Some(("b", "us-south"))),
            ("b.storage.googleapis.com", Some(("b", ""))),
            ("ec2.us-west-2.amazonaws.com", None),
            ("s3.example.com", None),
        ] {
            let found = of_host(host).map(|site| (site.bucket.unwrap_or_default(), site.region.unwrap_or_default()));
            let wanted = wanted.map(|(bucket, region)| (bucket.to_owned(), region.to_owned()));
            assert_eq!(found, wanted, "{host}");
        }
    }
}
