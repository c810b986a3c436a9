//! Tables of people and access.

diesel::table! {
    settings (key) {
        key -> diesel::sql_types::Text,
        value -> crate::types::Doc,
    }
}

diesel::table! {
    guards (name) {
        name -> diesel::sql_types::Text,
        passes -> diesel::sql_types::BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    teams (id) {
        id -> Uid,
        name -> Text,
        parent_id -> Nullable<Uid>,
        version -> BigInt,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    users (id) {
        id -> Uid,
        name -> Text,
        name_sort -> Text,
        email -> Text,
        password_hash -> Nullable<Text>,
        language -> Text,
        time_zone -> Text,
        theme -> Text,
        team_id -> Nullable<Uid>,
        manager_id -> Nullable<Uid>,
        is_active -> Bool,
        last_sign_in_at -> Nullable<Ts>,
        version -> BigInt,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    roles (id) {
        id -> Uid,
        key -> Text,
        names -> Doc,
        description -> Text,
        is_builtin -> Bool,
        grants -> Doc,
        version -> BigInt,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use crate::types::Uid;
    user_roles (user_id, role_id) {
        user_id -> Uid,
        role_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    sessions (id) {
        id -> Uid,
        user_id -> Uid,
        kind -> Text,
        user_agent -> Text,
        ip -> Text,
        created_at -> Ts,
        last_used_at -> Ts,
        idle_seconds -> BigInt,
        expires_at -> Ts,
        revoked_at -> Nullable<Ts>,
        revoked_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    refresh_tokens (hash) {
        hash -> Text,
        session_id -> Uid,
        parent_hash -> Nullable<Text>,
        issued_at -> Ts,
        used_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Ts;
    signing_keys (id) {
        id -> Text,
        secret -> Text,
        created_at -> Ts,
        retired_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    calendar_feeds (user_id) {
        user_id -> Uid,
        token_hash -> Text,
        created_at -> Ts,
        last_used_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    api_keys (id) {
        id -> Uid,
        prefix -> Text,
        secret_hash -> Text,
        user_id -> Uid,
        name -> Text,
        scopes -> Doc,
        expires_at -> Ts,
        last_used_at -> Nullable<Ts>,
        created_at -> Ts,
        revoked_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Ts;
    login_throttles (key) {
        key -> Text,
        failures -> BigInt,
        blocked_until -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    notification_settings (user_id) {
        user_id -> Uid,
        kinds -> Doc,
        quiet_hours -> Nullable<Doc>,
        digest -> Text,
        digest_at -> Text,
        version -> BigInt,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    digests (user_id) {
        user_id -> Uid,
        due_at -> Ts,
        told_until -> Ts,
        mail_id -> Nullable<Uid>,
        mail_until -> Nullable<Ts>,
        attempts -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    favourites (user_id, record_id) {
        user_id -> Uid,
        kind -> Text,
        record_id -> Uid,
        created_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    sticky_notes (id) {
        id -> Uid,
        user_id -> Uid,
        body -> Text,
        colour -> Text,
        about_kind -> Nullable<Text>,
        about_id -> Nullable<Uid>,
        version -> BigInt,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(api_keys -> users (user_id));
diesel::joinable!(calendar_feeds -> users (user_id));
diesel::joinable!(user_roles -> roles (role_id));
diesel::allow_tables_to_appear_in_same_query!(users, sessions);
diesel::allow_tables_to_appear_in_same_query!(users, api_keys);
diesel::allow_tables_to_appear_in_same_query!(users, calendar_feeds);
diesel::allow_tables_to_appear_in_same_query!(user_roles, roles, users);
