//! Who asks: passwords, sessions, tokens and keys.

pub mod caller;
pub mod cookies;
pub mod credential;
pub(crate) mod device;
pub mod key;
pub mod keys;
pub(crate) mod origin;
pub mod password;
pub mod people;
pub mod sessions;
pub mod token;

pub use caller::Caller;
pub use credential::Credential;
