//! Tables of files and of the templates of activities.

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    file_contents (id) {
        id -> Uid,
        sha256 -> Nullable<Text>,
        size -> BigInt,
        created_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Uid;
    file_pieces (content_id, position) {
        content_id -> Uid,
        position -> Integer,
        bytes -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    file_usage (name) {
        name -> Text,
        bytes -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    files (id) {
        id -> Uid,
        name -> Text,
        media_type -> Text,
        content_id -> Uid,
        created_at -> Ts,
        created_by -> Uid,
        activity_id -> Nullable<Uid>,
        loose_since -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    activity_templates (id) {
        id -> Uid,
        owner_id -> Nullable<Uid>,
        name -> Text,
        name_key -> Text,
        position -> Integer,
        kind -> Text,
        subject -> Nullable<Text>,
        body -> Nullable<Text>,
        direction -> Nullable<Text>,
        outcome -> Nullable<Text>,
        priority -> Nullable<Text>,
        duration_minutes -> Nullable<BigInt>,
        follow_up_days -> Nullable<Integer>,
        follow_up_name -> Nullable<Text>,
        version -> BigInt,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::joinable!(files -> file_contents (content_id));
diesel::allow_tables_to_appear_in_same_query!(files, file_contents);
