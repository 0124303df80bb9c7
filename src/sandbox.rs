//! A server on loopback that behaves like Tencent Cloud COS, in process and without files. It serves
//! the demo and the tests, and users can point an SDK at it.
//!
//! * Below HTTP: `server` listens, `connection` tells TLS from plain text and breaks connections
//!   on purpose, `certificates` makes valid and invalid certificates for the name asked for.
//! * A request: `serve` takes it from arrival to response, `request` decodes it, `address` finds
//!   bucket and key, `auth` parses its signature, `verify` recomputes it.
//! * The store: `state` holds `buckets`, `objects` and uploads, which start as `fixtures` says.
//!   `router` finds the handler: `list_buckets`, `list_objects`, `sub_resources`, `cors`, `get`,
//!   `put`, `delete`, `multipart`. `fault` answers in the place of proxies and firewalls.
//! * A response: `reply` and `failure`, with the store's texts and IDs of the real form;
//!   `header_case` spells its headers as COS does.
//!
//! The clock is the system's, so that a client with a skewed clock is refused.

mod account;
mod address;
mod attributes;
mod auth;
mod buckets;
mod certificates;
mod conditions;
mod connection;
mod copy_source;
mod cors;
mod counters;
mod crc64;
mod delete;
mod failure;
mod fault;
mod fixtures;
mod get;
mod header_case;
mod list_buckets;
mod list_objects;
mod multipart;
mod objects;
mod page;
mod put;
mod reply;
mod request;
mod router;
pub mod scenario;
mod serve;
mod server;
mod sigv2;
mod state;
mod sub_resources;
mod verify;
mod xml;

pub use account::{Role, account};
pub use server::{LIMITS, Sandbox};
