#![doc = include_str!("../README.md")]
//!
//! # What is here
//!
//! [`Client`] has the calls that integrators make first, typed ([`v1`]), and under them those that everything else is
//! reached with: [`get`](Client::get), [`list`](Client::list), [`post`](Client::post), [`change`](Client::change),
//! [`send`](Client::send). [`Transport`] is the way to the server: [`Http`], or one's own. What is not here: rules. The
//! server has them, and says no with its reasons ([`Problem`]).

mod client;
mod error;
mod http;
mod request;
mod transport;
pub mod v1;
mod words;

pub use client::{Client, List, Page, Retries};
pub use error::{Error, InputError, Problem, ProblemReason, Unexpected};
pub use http::Http;
pub use request::{Request, Version, segment};
/// For [`Http::with`], and the types of [`Request`] and [`Response`].
pub use reqwest;
pub use transport::{Body, Response, Transport};
