//! The operations that can be probed, by their COS names in kebab case, and the suites of them.

use super::suggest::nearest;

/// What an operation is addressed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The account.
    Service,
    /// A bucket.
    Bucket,
    /// An object.
    Object,
}

/// Stands for the root of a document that is JSON.
pub const JSON: &str = "{";

/// What a 2xx answer's body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The store's own document, where a root `Error` is a failure in spite of the status. Its root is one
    /// of these elements, or [`JSON`]; with none of them it may be any.
    Document(&'static [&'static str]),
    /// The object's bytes, which may be anything, an XML `Error` included.
    Content,
    /// Nothing but headers.
    Headers,
}

/// One API call.
#[derive(Debug, PartialEq, Eq)]
pub struct Operation {
    /// COS's name in kebab case.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// What it is addressed to.
    pub scope: Scope,
    /// Query parameters; an empty value is a name alone.
    pub query: &'static [(&'static str, &'static str)],
    /// Headers of its own.
    pub headers: &'static [(&'static str, &'static str)],
    /// What a 2xx answer's body is.
    pub answer: Answer,
    /// The CAM action it needs, after `name/cos:`. Empty where none is checked.
    pub action: &'static str,
    /// Reads a sub-resource for which a 404 means "not configured".
    pub is_sub_resource: bool,
    /// Changes something in the store.
    pub writes: bool,
}

impl Operation {
    const fn new(name: &'static str, method: &'static str, scope: Scope, action: &'static str) -> Self {
        Self {
            name,
            method,
            scope,
            query: &[],
            headers: &[],
            answer: Answer::Document(&[]),
            action,
            is_sub_resource: false,
            writes: false,
        }
    }

    const fn list(name: &'static str, query: &'static [(&'static str, &'static str)], action: &'static str) -> Self {
        Self { query, ..Self::new(name, "GET", Scope::Bucket, action) }
    }

    const fn config(name: &'static str, query: &'static [(&'static str, &'static str)], action: &'static str) -> Self {
        Self { is_sub_resource: true, ..Self::list(name, query, action) }
    }

    /// With the root element of its document (436/7740 and the pages of each operation).
    const fn root(self, roots: &'static [&'static str]) -> Self {
        Self { answer: Answer::Document(roots), ..self }
    }
}

/// Every operation, in the order they are offered.
pub const OPERATIONS: &[Operation] = &[
    Operation::new("get-service", "GET", Scope::Service, "GetService").root(&["ListAllMyBucketsResult"]),
    Operation { answer: Answer::Headers, ..Operation::new("head-bucket", "HEAD", Scope::Bucket, "HeadBucket") },
    Operation::list("get-bucket", &[("max-keys", "1")], "GetBucket").root(&["ListBucketResult"]),
    Operation::list("get-bucket-object-versions", &[("versions", ""), ("max-keys", "1")], "GetBucketObjectVersions")
        .root(&["ListVersionsResult", "ListBucketVersionsResult"]),
    Operation::list("list-multipart-uploads", &[("uploads", ""), ("max-uploads", "1")], "ListMultipartUploads")
        .root(&["ListMultipartUploadsResult"]),
    Operation::list("get-bucket-location", &[("location", "")], "GetBucketLocation").root(&["LocationConstraint"]),
    Operation::list("get-bucket-acl", &[("acl", "")], "GetBucketACL").root(&["AccessControlPolicy"]),
    Operation::config("get-bucket-policy", &[("policy", "")], "GetBucketPolicy").root(&[JSON]),
    Operation::config("get-bucket-cors", &[("cors", "")], "GetBucketCORS").root(&["CORSConfiguration"]),
    Operation::config("get-bucket-lifecycle", &[("lifecycle", "")], "GetBucketLifecycle")
        .root(&["LifecycleConfiguration"]),
    Operation::config("get-bucket-versioning", &[("versioning", "")], "GetBucketVersioning")
        .root(&["VersioningConfiguration"]),
    Operation::config("get-bucket-tagging", &[("tagging", "")], "GetBucketTagging").root(&["Tagging"]),
    Operation::config("get-bucket-website", &[("website", "")], "GetBucketWebsite").root(&["WebsiteConfiguration"]),
    Operation::config("get-bucket-logging", &[("logging", "")], "GetBucketLogging").root(&["BucketLoggingStatus"]),
    Operation::config("get-bucket-referer", &[("referer", "")], "GetBucketReferer").root(&["RefererConfiguration"]),
    Operation::config("get-bucket-encryption", &[("encryption", "")], "GetBucketEncryption")
        .root(&["ServerSideEncryptionConfiguration"]),
    Operation::config("get-bucket-replication", &[("replication", "")], "GetBucketReplication")
        .root(&["ReplicationConfiguration"]),
    Operation::config("list-bucket-inventory", &[("inventory", "")], "ListBucketInventory").root(&[
        "ListInventoryConfigurationResult",
        "ListInventoryConfigurationsResult",
        "InventoryConfiguration",
    ]),
    Operation::config("get-bucket-intelligent-tiering", &[("intelligenttiering", "")], "GetBucketIntelligentTiering")
        .root(&["IntelligentTieringConfiguration", "ListBucketIntelligentTieringConfigurationsOutput"]),
    Operation::config("get-bucket-object-lock", &[("object-lock", "")], "GetBucketObjectLockConfiguration")
        .root(&["ObjectLockConfiguration"]),
    Operation::config("get-bucket-domain", &[("domain", "")], "GetBucketDomain").root(&["DomainConfiguration"]),
    Operation::config("get-bucket-accelerate", &[("accelerate", "")], "GetBucketAccelerate")
        .root(&["AccelerateConfiguration"]),
    Operation::config("get-bucket-origin", &[("origin", "")], "GetBucketOrigin").root(&["OriginConfiguration"]),
    Operation { answer: Answer::Headers, ..Operation::new("head-object", "HEAD", Scope::Object, "HeadObject") },
    Operation {
        headers: &[("range", "bytes=0-0")],
        answer: Answer::Content,
        ..Operation::new("get-object", "GET", Scope::Object, "GetObject")
    },
    Operation {
        query: &[("acl", "")],
        ..Operation::new("get-object-acl", "GET", Scope::Object, "GetObjectACL").root(&["AccessControlPolicy"])
    },
    Operation {
        query: &[("tagging", "")],
        answer: Answer::Document(&["Tagging"]),
        is_sub_resource: true,
        ..Operation::new("get-object-tagging", "GET", Scope::Object, "GetObjectTagging")
    },
    Operation {
        headers: &[("access-control-request-method", "GET")],
        answer: Answer::Headers,
        ..Operation::new("options-object", "OPTIONS", Scope::Object, "")
    },
    Operation { writes: true, ..Operation::new("put-object", "PUT", Scope::Object, "PutObject") },
    Operation { writes: true, ..Operation::new("delete-object", "DELETE", Scope::Object, "DeleteObject") },
];

/// A named list of operations. Operations on objects are left out where there is no key.
#[derive(Debug, PartialEq, Eq)]
pub struct Suite {
    /// The name after `--suite`.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub about: &'static str,
    /// Names of its operations.
    operations: &'static [&'static str],
}

const CONFIG: &[&str] = &[
    "get-bucket-location",
    "get-bucket-acl",
    "get-bucket-policy",
    "get-bucket-cors",
    "get-bucket-lifecycle",
    "get-bucket-versioning",
    "get-bucket-tagging",
    "get-bucket-website",
    "get-bucket-logging",
    "get-bucket-referer",
    "get-bucket-encryption",
    "get-bucket-replication",
    "list-bucket-inventory",
    "get-bucket-intelligent-tiering",
    "get-bucket-object-lock",
    "get-bucket-domain",
    "get-bucket-accelerate",
    "get-bucket-origin",
];

/// Every suite, in the order they are offered. `full` is every operation that only reads; it is
/// made from [`OPERATIONS`].
pub const SUITES: &[Suite] = &[
    Suite {
        name: "quick",
        about: "is it there, may I list it, may I read it",
        operations: &["head-bucket", "get-bucket", "head-object", "get-object"],
    },
    Suite { name: "config", about: "every sub-resource of the bucket", operations: CONFIG },
    Suite {
        name: "object",
        about: "what can be asked about one key",
        operations: &["head-object", "get-object", "get-object-acl", "get-object-tagging"],
    },
    Suite {
        name: "cors",
        about: "the bucket's CORS rules and a preflight",
        operations: &["get-bucket-cors", "options-object"],
    },
    Suite {
        name: "write",
        about: "PUT then DELETE of a key of its own: the only suite that writes",
        operations: &["put-object", "delete-object"],
    },
    Suite { name: "full", about: "every operation that only reads", operations: &[] },
];

/// No operation has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownOperation {
    /// The name.
    pub name: String,
    /// The operation whose name is nearest to it.
    pub nearest: Option<&'static str>,
}

/// Finds an operation by name.
///
/// # Errors
/// When there is none, with the nearest.
pub fn operation(name: &str) -> Result<&'static Operation, UnknownOperation> {
    known(name).ok_or_else(|| UnknownOperation {
        name: name.to_owned(),
        nearest: nearest(name, OPERATIONS.iter().map(|operation| operation.name)),
    })
}

/// The same, where nobody asks for the nearest name of an unknown one: to find it costs more than all the rest.
#[must_use]
pub fn known(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// The operation that a method, a scope and a sub-resource amount to, if it is one of these.
#[must_use]
pub fn by_request(method: &str, scope: Scope, query: &[(String, String)]) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| {
        let sub_resource = operation.query.iter().find(|(_, value)| value.is_empty());
        operation.method == method
            && operation.scope == scope
            && sub_resource.is_some_and(|(name, _)| query.iter().any(|(given, _)| given == name))
    })
}

impl Suite {
    /// The suite of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        SUITES.iter().find(|suite| suite.name == name)
    }

    /// Its operations.
    #[must_use]
    pub fn operations(&self) -> Vec<&'static Operation> {
        if self.name == "full" {
            let reads = |operation: &&Operation| !operation.writes && operation.scope != Scope::Service;
            return OPERATIONS.iter().filter(reads).collect();
        }
        self.operations.iter().filter_map(|name| known(name)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_hold_known_operations_and_only_one_writes() {
        for entry in SUITES {
            let operations = entry.operations();
            assert!(!operations.is_empty() && (entry.name == "full" || operations.len() == entry.operations.len()));
            assert_eq!(operations.iter().any(|operation| operation.writes), entry.name == "write", "{}", entry.name);
        }
    }

    #[test]
    fn unknown_names_get_the_nearest() {
        let unknown = UnknownOperation { name: "head-buket".to_owned(), nearest: Some("head-bucket") };
        assert_eq!(operation("head-buket"), Err(unknown));
        assert_eq!(Suite::named("fast"), None);
    }
}
