//! What configuration looks like to callers.

use rapport_domain::context::Locale;
use rapport_persistence::lead_statuses::LeadStatusRow;
use rapport_persistence::pipelines::{PipelineRow, StageRow};
use rapport_persistence::sources::SourceRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::names::{Names, name_for};
use super::words::{Color, DealCategory, LeadCategory, StageField};

// ---------------------------------------------------------------- sources

/// Where records come from.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Source)]
pub struct SourceView {
    /// A word that never changes.
    #[schema(example = "website")]
    pub key: String,
    /// The name in the caller's language.
    #[schema(example = "官网")]
    pub name: String,
    /// The name in each language.
    pub names: Names,
    /// The place among the others, from 0.
    pub position: i32,
    /// Whether it is offered for new records.
    pub is_active: bool,
    /// Starts at 1, one more with every change.
    pub version: i64,
}

/// Every source, in order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourceList {
    /// The sources.
    pub data: Vec<SourceView>,
}

/// A new source.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "trade_press", "names": {"zh-CN": "行业媒体", "en": "Trade press"}}))]
pub struct CreateSource {
    /// A word that never changes.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,49}$", max_length = 50)]
    pub key: String,
    /// The name in each language.
    pub names: Names,
    /// The place among the others, from 0; at the end if not told.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    pub position: Option<i32>,
    /// Whether it is offered for new records.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
}

/// What may change of a source.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"names": {"en": "Trade press"}, "is_active": false}))]
pub struct UpdateSource {
    /// The name in each language.
    pub names: Names,
    /// The place among the others, from 0; `null` is the end.
    #[schema(minimum = 0, maximum = 1000)]
    pub position: Option<i32>,
    /// Whether it is offered for new records.
    #[schema(default = true)]
    pub is_active: bool,
}

impl Default for UpdateSource {
    fn default() -> Self {
        Self { names: Names::default(), position: None, is_active: true }
    }
}

impl SourceView {
    /// A source in a language.
    #[must_use]
    pub fn of(row: &SourceRow, locale: Locale) -> Self {
        Self {
            key: row.key.clone(),
            name: name_for(&row.names.0, locale),
            names: Names::of(&row.names.0),
            position: row.position,
            is_active: row.is_active,
            version: row.version,
        }
    }
}

// ---------------------------------------------------------------- lead statuses

/// Where a lead can stand.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LeadStatus)]
pub struct LeadStatusView {
    /// A word that never changes.
    #[schema(example = "working")]
    pub key: String,
    /// The name in the caller's language.
    #[schema(example = "跟进中")]
    pub name: String,
    /// The name in each language.
    pub names: Names,
    /// What it means.
    pub category: LeadCategory,
    /// How it is shown.
    pub color: Color,
    /// The place among the others, from 0.
    pub position: i32,
    /// Whether it is offered.
    pub is_active: bool,
    /// Starts at 1, one more with every change.
    pub version: i64,
}

/// Every lead status, in order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadStatusList {
    /// The statuses.
    pub data: Vec<LeadStatusView>,
}

/// A new lead status.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "demo_booked", "names": {"zh-CN": "已约演示", "en": "Demo booked"}, "category": "working", "color": "teal"}))]
pub struct CreateLeadStatus {
    /// A word that never changes.
    #[schema(pattern = "^[a-z][a-z0-9_]{0,49}$", max_length = 50)]
    pub key: String,
    /// The name in each language.
    pub names: Names,
    /// What it means.
    pub category: LeadCategory,
    /// How it is shown.
    #[serde(default = "gray")]
    pub color: Color,
    /// The place among the others, from 0; at the end if not told.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    pub position: Option<i32>,
    /// Whether it is offered.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
}

/// What may change of a lead status; the category only while no lead has it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"color": "violet", "position": 1}))]
pub struct UpdateLeadStatus {
    /// The name in each language.
    pub names: Names,
    /// What it means; only while no lead has it.
    pub category: LeadCategory,
    /// How it is shown.
    pub color: Color,
    /// The place among the others, from 0; `null` is the end.
    #[schema(minimum = 0, maximum = 1000)]
    pub position: Option<i32>,
    /// Whether it is offered.
    #[schema(default = true)]
    pub is_active: bool,
}

impl Default for UpdateLeadStatus {
    fn default() -> Self {
        Self {
            names: Names::default(),
            category: LeadCategory::New,
            color: Color::Gray,
            position: None,
            is_active: true,
        }
    }
}

impl LeadStatusView {
    /// A status in a language.
    #[must_use]
    pub fn of(row: &LeadStatusRow, locale: Locale) -> Self {
        Self {
            key: row.key.clone(),
            name: name_for(&row.names.0, locale),
            names: Names::of(&row.names.0),
            category: LeadCategory::of(&row.category),
            color: Color::of(&row.color),
            position: row.position,
            is_active: row.is_active,
            version: row.version,
        }
    }
}

// ---------------------------------------------------------------- pipelines

/// An ordered set of stages.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Pipeline)]
pub struct PipelineView {
    /// The id.
    pub id: Uuid,
    /// The name in the caller's language.
    #[schema(example = "销售流程")]
    pub name: String,
    /// The name in each language.
    pub names: Names,
    /// Whether new opportunities start here; exactly one does.
    pub is_default: bool,
    /// The place among the others, from 0.
    pub position: i32,
    /// Whether it is offered.
    pub is_active: bool,
    /// Starts at 1, one more with every change of it or its stages.
    pub version: i64,
    /// The stages, in order.
    pub stages: Vec<StageView>,
}

/// A step of a pipeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Stage)]
pub struct StageView {
    /// The id.
    pub id: Uuid,
    /// The pipeline it belongs to.
    pub pipeline_id: Uuid,
    /// The name in the caller's language.
    #[schema(example = "方案报价")]
    pub name: String,
    /// The name in each language.
    pub names: Names,
    /// What it means.
    pub category: DealCategory,
    /// The probability of winning from here, in per cent.
    #[schema(minimum = 0, maximum = 100)]
    pub probability: i32,
    /// How it is shown.
    pub color: Color,
    /// The place in the pipeline, from 0.
    pub position: i32,
    /// How long a deal usually stands here, in days.
    pub expected_days: Option<i32>,
    /// After how many days it is looked at with concern.
    pub warning_days: Option<i32>,
    /// The fields that must be filled to enter it.
    pub required_fields: Vec<StageField>,
    /// Starts at 1, one more with every change.
    pub version: i64,
}

/// Every pipeline, in order.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PipelineList {
    /// The pipelines.
    pub data: Vec<PipelineView>,
}

/// A new pipeline.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"names": {"zh-CN": "渠道销售", "en": "Channel sales"}}))]
pub struct CreatePipeline {
    /// An id of the caller's choice.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// The name in each language.
    pub names: Names,
    /// Whether new opportunities start here, instead of where they did.
    #[serde(default)]
    #[schema(default = false)]
    pub is_default: bool,
    /// The place among the others, from 0; at the end if not told.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    pub position: Option<i32>,
    /// Whether it is offered.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub is_active: bool,
    /// The stages in order, among them one that is open, one won and one lost; the usual ones if not told.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub stages: Option<Vec<StageInput>>,
}

/// What may change of a pipeline.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({"names": {"zh-CN": "大客户销售", "en": "Key accounts"}, "is_default": true}))]
pub struct UpdatePipeline {
    /// The name in each language.
    pub names: Names,
    /// `true` makes it the one in which new opportunities start; to take that away, give it to another.
    pub is_default: bool,
    /// The place among the others, from 0; `null` is the end.
    #[schema(minimum = 0, maximum = 1000)]
    pub position: Option<i32>,
    /// Whether it is offered; the default always is.
    #[schema(default = true)]
    pub is_active: bool,
}

impl Default for UpdatePipeline {
    fn default() -> Self {
        Self { names: Names::default(), is_default: false, position: None, is_active: true }
    }
}

/// What may be written of a stage; the category only while no opportunity stands in it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(example = json!({
    "names": {"zh-CN": "技术评估", "en": "Evaluation"}, "category": "open", "probability": 45, "color": "violet",
    "position": 2, "expected_days": 14, "warning_days": 10, "required_fields": ["amount"]
}))]
pub struct StageInput {
    /// The name in each language.
    pub names: Names,
    /// What it means.
    pub category: DealCategory,
    /// The probability of winning from here, in per cent; needed while open, 100 when won, 0 when lost or void.
    #[schema(minimum = 0, maximum = 100)]
    pub probability: Option<i32>,
    /// How it is shown.
    pub color: Color,
    /// The place in the pipeline, from 0; `null` is the end.
    #[schema(minimum = 0, maximum = 1000)]
    pub position: Option<i32>,
    /// How long a deal usually stands here, in days.
    #[schema(minimum = 1, maximum = 3650)]
    pub expected_days: Option<i32>,
    /// After how many days it is looked at with concern.
    #[schema(minimum = 1, maximum = 3650)]
    pub warning_days: Option<i32>,
    /// The fields that must be filled to enter it.
    #[schema(max_items = 10)]
    pub required_fields: Vec<StageField>,
}

impl Default for StageInput {
    fn default() -> Self {
        Self {
            names: Names::default(),
            category: DealCategory::Open,
            probability: None,
            color: Color::Gray,
            position: None,
            expected_days: None,
            warning_days: None,
            required_fields: Vec::new(),
        }
    }
}

impl PipelineView {
    /// A pipeline in a language, with those of `stages` that are its own.
    #[must_use]
    pub fn of(row: &PipelineRow, stages: &[StageRow], locale: Locale) -> Self {
        let mine = stages.iter().filter(|stage| stage.pipeline_id == row.id);
        Self {
            id: row.id.0,
            name: name_for(&row.names.0, locale),
            names: Names::of(&row.names.0),
            is_default: row.is_default,
            position: row.position,
            is_active: row.is_active,
            version: row.version,
            stages: mine.map(|stage| StageView::of(stage, locale)).collect(),
        }
    }
}

impl StageView {
    /// A stage in a language.
    #[must_use]
    pub fn of(row: &StageRow, locale: Locale) -> Self {
        Self {
            id: row.id.0,
            pipeline_id: row.pipeline_id.0,
            name: name_for(&row.names.0, locale),
            names: Names::of(&row.names.0),
            category: DealCategory::of(&row.category),
            probability: row.probability,
            color: Color::of(&row.color),
            position: row.position,
            expected_days: row.expected_days,
            warning_days: row.warning_days,
            required_fields: row.required_fields.0.iter().filter_map(|field| StageField::of(field)).collect(),
            version: row.version,
        }
    }
}

// ---------------------------------------------------------------- removing

/// What takes the place of a source or status that is removed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct KeyReplacement {
    /// The key that records get instead; needed while any record has the old one.
    #[param(example = "other", max_length = 50, pattern = "^[a-z][a-z0-9_]{0,49}$")]
    pub replacement: Option<String>,
}

/// What takes the place of a stage that is removed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StageReplacement {
    /// The stage of the same pipeline and category that opportunities move to; needed while any stands in the old one.
    pub replacement: Option<Uuid>,
}

/// What takes the place of a pipeline that is removed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PipelineReplacement {
    /// The pipeline that takes its place; needed for the default pipeline and while any opportunity stands in it.
    pub replacement: Option<Uuid>,
    /// For each stage in use the stage of the same category that takes its place: `old:new,old:new`.
    #[param(max_length = 3700, pattern = "^[0-9a-f-]{36}:[0-9a-f-]{36}(,[0-9a-f-]{36}:[0-9a-f-]{36}){0,49}$")]
    pub stages: Option<String>,
}

fn yes() -> bool {
    true
}

fn gray() -> Color {
    Color::Gray
}
