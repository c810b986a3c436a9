//! Tables, as both databases have them. The owned records declare theirs with `record_table!`.

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Uid;
    external_ids (record_type, system, external_id) {
        record_type -> Text,
        system -> Text,
        external_id -> Text,
        record_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Uid;
    record_tags (record_type, tag, record_id) {
        record_type -> Text,
        tag -> Text,
        record_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Uid;
    record_keys (kind, value, record_type, record_id) {
        kind -> Text,
        value -> Text,
        record_type -> Text,
        record_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Uid;
    contact_customers (contact_id, customer_id) {
        contact_id -> Uid,
        customer_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Uid;
    activity_contacts (activity_id, contact_id) {
        activity_id -> Uid,
        contact_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Uid;
    opportunity_contacts (opportunity_id, contact_id) {
        opportunity_id -> Uid,
        contact_id -> Uid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    changes (id) {
        id -> Uid,
        record_type -> Text,
        record_id -> Uid,
        version -> BigInt,
        action -> Text,
        via -> Text,
        actor_id -> Nullable<Uid>,
        actor_name -> Text,
        request_id -> Nullable<Text>,
        at -> Ts,
        fields -> Doc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    outbox (seq) {
        seq -> BigInt,
        event -> Text,
        record_type -> Text,
        record_id -> Uid,
        version -> BigInt,
        at -> Ts,
        from_owner_id -> Nullable<Uid>,
        from_team_id -> Nullable<Uid>,
        from_pool_id -> Nullable<Uid>,
        for_user_id -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    stage_moves (id) {
        id -> Uid,
        opportunity_id -> Uid,
        from_stage_id -> Nullable<Uid>,
        to_stage_id -> Uid,
        seconds_in_from -> BigInt,
        reason -> Nullable<Text>,
        moved_at -> Ts,
        moved_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    lead_conversions (id) {
        id -> Uid,
        lead_id -> Uid,
        customer_id -> Nullable<Uid>,
        contact_id -> Nullable<Uid>,
        opportunity_id -> Nullable<Uid>,
        detail -> Doc,
        converted_at -> Ts,
        converted_by -> Nullable<Uid>,
        reverted_at -> Nullable<Ts>,
        reverted_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    lifecycle_moves (id) {
        id -> Uid,
        customer_id -> Uid,
        from_lifecycle -> Text,
        to_lifecycle -> Text,
        reason -> Nullable<Text>,
        moved_at -> Ts,
        moved_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Doc;
    sources (key) {
        key -> Text,
        names -> Doc,
        position -> Integer,
        is_active -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Doc;
    lead_statuses (key) {
        key -> Text,
        names -> Doc,
        category -> Text,
        color -> Text,
        position -> Integer,
        is_active -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Uid};
    pipelines (id) {
        id -> Uid,
        names -> Doc,
        is_default -> Bool,
        position -> Integer,
        is_active -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Uid};
    stages (id) {
        id -> Uid,
        pipeline_id -> Uid,
        names -> Doc,
        category -> Text,
        probability -> Integer,
        color -> Text,
        position -> Integer,
        expected_days -> Nullable<Integer>,
        warning_days -> Nullable<Integer>,
        required_fields -> Doc,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    idempotency_keys (caller_id, key) {
        caller_id -> Uid,
        key -> Text,
        request_hash -> Text,
        status -> Integer,
        headers -> Doc,
        body -> Text,
        created_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Uid;
    search_docs (seq) {
        seq -> BigInt,
        record_id -> Uid,
        record_type -> Text,
        body -> Text,
        tokens -> Text,
    }
}

diesel::table! {
    search_index (rowid) {
        rowid -> BigInt,
        tokens -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    assignment_rules (id) {
        id -> Uid,
        name -> Text,
        name_key -> Text,
        position -> Integer,
        is_active -> Bool,
        condition -> Nullable<Doc>,
        strategy -> Text,
        user_ids -> Doc,
        team_id -> Nullable<Uid>,
        with_subteams -> Bool,
        working_days -> Doc,
        max_open -> Nullable<Integer>,
        max_per_day -> Nullable<Integer>,
        last_user_id -> Nullable<Uid>,
        version -> BigInt,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    scoring_rules (id) {
        id -> Uid,
        name -> Text,
        name_key -> Text,
        is_active -> Bool,
        kind -> Text,
        points -> Integer,
        condition -> Nullable<Doc>,
        behaviour -> Nullable<Doc>,
        version -> BigInt,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    scoring_state (key) {
        key -> Text,
        is_active -> Bool,
        is_walking -> Bool,
        walked_to -> Nullable<Uid>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    lead_assignments (id) {
        id -> Uid,
        lead_id -> Uid,
        rule_id -> Nullable<Uid>,
        rule_name -> Nullable<Text>,
        rule_version -> Nullable<BigInt>,
        owner_id -> Nullable<Uid>,
        assigned_at -> Ts,
        trace -> Doc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    notifications (id) {
        id -> Uid,
        user_id -> Uid,
        kind -> Text,
        dedupe_key -> Text,
        subject -> Text,
        subject_id -> Nullable<Uid>,
        actor_id -> Nullable<Uid>,
        due_at -> Nullable<Ts>,
        reminded_for -> Nullable<Ts>,
        stands_for -> Integer,
        in_inbox -> Bool,
        created_at -> Ts,
        shows_at -> Ts,
        read_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    customer_pools (id) {
        id -> Uid,
        name -> Nullable<Text>,
        name_key -> Nullable<Text>,
        team_id -> Nullable<Uid>,
        is_default -> Bool,
        is_active -> Bool,
        no_activity_days -> Nullable<Integer>,
        no_opportunity_days -> Nullable<Integer>,
        not_won_days -> Nullable<Integer>,
        warn_days -> Integer,
        owned_cap -> Nullable<Integer>,
        claims_per_day -> Nullable<Integer>,
        cooldown_days -> Integer,
        rules_since -> Ts,
        version -> BigInt,
        created_at -> Ts,
        updated_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::Ts;
    sweeps (name) {
        name -> Text,
        reached_at -> Ts,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    customer_moves (id) {
        id -> Uid,
        customer_id -> Uid,
        kind -> Text,
        pool_id -> Uid,
        user_id -> Nullable<Uid>,
        rule -> Nullable<Text>,
        moved_at -> Ts,
        moved_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    jobs (id) {
        id -> Uid,
        kind -> Text,
        status -> Text,
        request -> Doc,
        left_out -> Doc,
        total -> Integer,
        succeeded -> Integer,
        failed -> Integer,
        skipped -> Integer,
        error -> Nullable<Doc>,
        created_by -> Uid,
        key_id -> Nullable<Uid>,
        language -> Text,
        request_id -> Nullable<Text>,
        created_at -> Ts,
        started_at -> Nullable<Ts>,
        finished_at -> Nullable<Ts>,
        cancelled_at -> Nullable<Ts>,
        cancelled_by -> Nullable<Uid>,
        turn_at -> Ts,
        lease_id -> Nullable<Uid>,
        lease_until -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Ts, Uid};
    job_items (job_id, position) {
        job_id -> Uid,
        position -> Integer,
        record_id -> Uid,
        state -> Text,
        result -> Nullable<Doc>,
        problem -> Nullable<Doc>,
        done_at -> Nullable<Ts>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Ts, Uid};
    handovers (id) {
        id -> Uid,
        user_id -> Uid,
        switched_off -> Bool,
        reason -> Nullable<Text>,
        created_at -> Ts,
        created_by -> Nullable<Uid>,
        undone_at -> Nullable<Ts>,
        undone_by -> Nullable<Uid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::types::{Doc, Uid};
    handover_items (handover_id, kind, record_id) {
        handover_id -> Uid,
        kind -> Text,
        record_id -> Uid,
        to_user_id -> Nullable<Uid>,
        to_pool_id -> Nullable<Uid>,
        version -> BigInt,
        before -> Nullable<Doc>,
        left_because -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(stages, pipelines);
