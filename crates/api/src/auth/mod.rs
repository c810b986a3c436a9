//! Who asks: passwords, sessions, tokens and keys.

pub mod caller;
pub mod cookies;
pub(crate) mod device;
pub mod key;
pub mod keys;
pub mod password;
pub mod sessions;
pub mod token;

pub use caller::Caller;
