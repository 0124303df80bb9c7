//! The sandbox over real sockets: good requests in both dialects, and every family of failure.

mod buckets;
mod client;
mod faults;
mod lists;
mod multipart;
mod objects;
mod signatures;
mod sub_resources;
mod versions;
