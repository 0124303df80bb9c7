//! Everything that the requests of one sandbox share.

use http::Extensions;

use super::buckets::Buckets;
use super::counters::Counters;
use super::fixtures;
use super::multipart::Uploads;
use super::objects::Objects;

#[derive(Debug)]
pub(super) struct State {
    pub(super) buckets: Buckets,
    pub(super) objects: Objects,
    pub(super) uploads: Uploads,
    pub(super) counters: Counters,
    /// Makes hyper spell the headers of a response as COS does.
    pub(super) header_case: Extensions,
}

impl State {
    /// The state of a sandbox that has served nothing yet.
    pub(super) fn new(header_case: Extensions) -> Self {
        let objects = Objects::default();
        let buckets = fixtures::all().into_iter().map(|(bucket, seeds)| {
            objects.seed(&bucket, &seeds);
            bucket
        });
        let buckets = Buckets::new(buckets.collect());
        Self { buckets, objects, uploads: Uploads::default(), counters: Counters::default(), header_case }
    }
}
