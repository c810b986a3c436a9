//! What digests say, in both languages, as the page says it.

use chrono_tz::Tz;

use rapport_domain::context::Locale;
use rapport_domain::job::{JobKind, JobStatus};
use rapport_domain::kind::RecordKind;
use rapport_domain::notification::NotificationKind;

use crate::jobs::NotifiedJob;
use crate::notifications::dto::NotificationView;

/// Somebody's language and clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) locale: Locale,
    pub(super) zone: Tz,
}

impl Words {
    fn either(self, zh: &'static str, en: &'static str) -> &'static str {
        match self.locale {
            Locale::ZhCn => zh,
            Locale::En => en,
        }
    }

    pub(super) fn notifications(self, count: usize) -> String {
        match (self.locale, count) {
            (Locale::ZhCn, _) => format!("{count} 条未读通知"),
            (Locale::En, 1) => "1 unread notification".to_owned(),
            (Locale::En, _) => format!("{count} unread notifications"),
        }
    }

    pub(super) fn more_than(self, count: usize) -> String {
        match self.locale {
            Locale::ZhCn => format!("{count} 条以上未读通知"),
            Locale::En => format!("More than {count} unread notifications"),
        }
    }

    pub(super) fn subject(self, count: &str) -> String {
        format!("{}{count}", self.either("Rapport：", "Rapport: "))
    }

    pub(super) fn there_is_more(self) -> &'static str {
        self.either("更早的通知请在 Rapport 中查看。", "Rapport shows those that came before.")
    }

    pub(super) fn open(self) -> &'static str {
        self.either("打开 Rapport", "Open Rapport")
    }

    pub(super) fn why(self) -> &'static str {
        self.either(
            "你收到这封邮件，是因为你在 Rapport 中开启了通知摘要。",
            "You get this because you have chosen a digest in Rapport.",
        )
    }

    pub(super) fn settings(self) -> &'static str {
        self.either("更改或关闭", "Change it or switch it off")
    }

    /// What happens at the moment that a line is about; empty when it is about none.
    pub(super) fn moment(self, view: &NotificationView) -> String {
        let Some(due) = view.due_at else { return String::new() };
        let at = due.with_timezone(&self.zone).format("%Y-%m-%d %H:%M");
        let (zh, en) = match NotificationKind::parse(&view.kind) {
            Some(NotificationKind::CustomerReleaseSoon) => (format!("{at} 回收"), format!("goes {at}")),
            Some(
                NotificationKind::OpportunitySlow
                | NotificationKind::OpportunityStale
                | NotificationKind::OpportunityEscalated,
            ) => (format!("自 {at} 起"), format!("since {at}")),
            _ => (format!("{at} 到期"), format!("due {at}")),
        };
        match self.locale {
            Locale::ZhCn => zh,
            Locale::En => en,
        }
    }

    /// What has happened, in a sentence.
    pub(super) fn headline(self, view: &NotificationView) -> String {
        let actor = view.actor.as_ref().map(|actor| one_line(&actor.name));
        let Some(kind) = NotificationKind::parse(&view.kind) else {
            return self.either("新消息", "Something new").to_owned();
        };
        match kind {
            NotificationKind::TaskDue => self.either("到期提醒", "Reminder").to_owned(),
            NotificationKind::Mentioned => self.mentioned(actor.as_deref()),
            NotificationKind::Assigned => self.assigned(actor.as_deref(), view),
            NotificationKind::OpportunitySlow => {
                self.either("商机停留过久", "An opportunity stands longer than planned").to_owned()
            }
            NotificationKind::OpportunityStale => {
                self.either("商机已停滞", "An opportunity has become stale").to_owned()
            }
            NotificationKind::OpportunityEscalated => self.escalated(actor.as_deref()),
            NotificationKind::CustomerReleaseSoon => self.release_soon(view.count),
            NotificationKind::CustomerReleased => self.released(view.count),
            NotificationKind::HandedOver => self.handed_over(view),
            NotificationKind::JobFinished => self.job(view.job.as_ref()),
        }
    }

    /// How a job has ended: with how many of its items.
    fn job(self, job: Option<&NotifiedJob>) -> String {
        let Some(job) = job else { return self.either("任务已结束", "A job of yours has ended").to_owned() };
        let what = match JobKind::parse(&job.kind) {
            Some(JobKind::ConvertLeads) => self.either("批量转化线索", "Converting leads"),
            None => self.either("任务", "A job"),
        };
        let how = match JobStatus::parse(&job.status) {
            Some(JobStatus::Succeeded | JobStatus::PartiallySucceeded) => self.either("已完成", "has finished"),
            Some(JobStatus::Cancelled) => self.either("已取消", "was cancelled"),
            _ => self.either("失败", "has failed"),
        };
        let (done, total) = (job.succeeded, job.total);
        match self.locale {
            Locale::ZhCn => format!("{what}{how}：{total} 条中成功 {done} 条"),
            Locale::En => format!("{what} {how}: {done} of {total} done"),
        }
    }

    fn mentioned(self, actor: Option<&str>) -> String {
        match (self.locale, actor) {
            (Locale::ZhCn, actor) => format!("{}提及了你", actor.unwrap_or("有人")),
            (Locale::En, Some(actor)) => format!("{actor} mentioned you"),
            (Locale::En, None) => "You were mentioned".to_owned(),
        }
    }

    fn assigned(self, actor: Option<&str>, view: &NotificationView) -> String {
        let what = self.what(view);
        match (self.locale, actor) {
            (Locale::ZhCn, Some(actor)) => format!("{actor}将{what}交给了你"),
            (Locale::ZhCn, None) => format!("分配规则将{what}分给了你"),
            (Locale::En, Some(actor)) => format!("{actor} gave you {what}"),
            (Locale::En, None) => format!("A rule gave you {what}"),
        }
    }

    fn escalated(self, owner: Option<&str>) -> String {
        match (self.locale, owner) {
            (Locale::ZhCn, owner) => format!("{}的商机停滞未处理", owner.unwrap_or("他人")),
            (Locale::En, Some(owner)) => format!("An opportunity of {owner} stays stale"),
            (Locale::En, None) => "An opportunity stays stale".to_owned(),
        }
    }

    fn release_soon(self, count: i32) -> String {
        match (self.locale, count) {
            (Locale::ZhCn, _) => format!("你有 {count} 个客户即将回收到公海"),
            (Locale::En, 1) => "A customer of yours goes back to the pool soon".to_owned(),
            (Locale::En, _) => format!("{count} customers of yours go back to the pool soon"),
        }
    }

    fn handed_over(self, view: &NotificationView) -> String {
        let from = view.handover.as_ref().and_then(|handover| handover.from.as_ref());
        let (from, what) = (from.map(|from| one_line(&from.name)), self.inheritance(view));
        match (self.locale, from) {
            (Locale::ZhCn, from) => format!("你接手了{}的{what}", from.as_deref().unwrap_or("同事")),
            (Locale::En, Some(from)) => format!("You take over {what} from {from}"),
            (Locale::En, None) => format!("You take over {what} from a colleague"),
        }
    }

    /// How much of what has been handed over.
    fn inheritance(self, view: &NotificationView) -> String {
        let counts = view.handover.as_ref().map(|handover| handover.counts).unwrap_or_default();
        let kinds = [
            (counts.customers, " 个客户", "customer", "customers"),
            (counts.contacts, " 个联系人", "contact", "contacts"),
            (counts.leads, " 条线索", "lead", "leads"),
            (counts.opportunities, " 个商机", "opportunity", "opportunities"),
            (counts.tasks, " 项任务", "task", "tasks"),
            (counts.assignment_rules, " 条分配规则", "assignment rule", "assignment rules"),
            (counts.reports, " 位下属", "report", "reports"),
        ];
        let said = |(count, zh, one, many): (i64, &str, &str, &str)| match (self.locale, count) {
            (Locale::ZhCn, count) => format!(" {count}{zh}"),
            (Locale::En, 1) => format!("1 {one}"),
            (Locale::En, count) => format!("{count} {many}"),
        };
        let parts: Vec<String> = kinds.into_iter().filter(|(count, ..)| *count > 0).map(said).collect();
        if parts.is_empty() {
            return self.either("工作", "work").to_owned();
        }
        parts.join(self.either("、", ", "))
    }

    fn released(self, count: i32) -> String {
        match (self.locale, count) {
            (Locale::ZhCn, _) => format!("你有 {count} 个客户已回收到公海"),
            (Locale::En, 1) => "A customer of yours has gone back to the pool".to_owned(),
            (Locale::En, _) => format!("{count} customers of yours have gone back to the pool"),
        }
    }

    /// What was given: a customer, 23 customers.
    fn what(self, view: &NotificationView) -> String {
        let count = view.count;
        let (measure, zh, one, many) = match RecordKind::parse(&view.subject) {
            Some(RecordKind::Customer) => ("个", "客户", "a customer", "customers"),
            Some(RecordKind::Contact) => ("位", "联系人", "a contact", "contacts"),
            Some(RecordKind::Lead) => ("条", "线索", "a lead", "leads"),
            Some(RecordKind::Opportunity) => ("个", "商机", "an opportunity", "opportunities"),
            _ => ("项", "待办", "something to do", "things to do"),
        };
        match (self.locale, count) {
            (Locale::ZhCn, 1) => format!("一{measure}{zh}"),
            (Locale::ZhCn, _) => format!(" {count} {measure}{zh}"),
            (Locale::En, 1) => one.to_owned(),
            (Locale::En, _) => format!("{count} {many}"),
        }
    }
}

/// A name as it may stand in a header or a line of its own: without line ends and what else cannot be seen.
pub(super) fn one_line(name: &str) -> String {
    let words = name.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    /// A line of a kind that stands for so many.
    fn line(kind: &str, count: i32) -> NotificationView {
        NotificationView {
            id: Uuid::nil(),
            kind: kind.to_owned(),
            created_at: DateTime::UNIX_EPOCH,
            read_at: None,
            snoozed_until: None,
            actor: None,
            subject: "customer".to_owned(),
            record: None,
            activity: None,
            job: None,
            handover: None,
            due_at: Some(DateTime::UNIX_EPOCH),
            count,
        }
    }

    #[test]
    fn every_kind_has_words_of_its_own_in_both_languages() {
        let said = |locale: Locale, kind: &str| {
            let words = Words { locale, zone: Tz::Asia__Shanghai };
            (words.headline(&line(kind, 1)), words.headline(&line(kind, 23)))
        };
        let kinds = NotificationKind::ALL.iter().map(|kind| kind.as_str()).chain(["of_a_later_release"]);
        let all: Vec<_> = kinds.flat_map(|kind| [said(Locale::ZhCn, kind), said(Locale::En, kind)]).collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), 2 * (NotificationKind::ALL.len() + 1), "{all:?}");
    }

    #[test]
    fn a_job_says_how_it_has_ended() {
        let said = |locale: Locale, status: &str, succeeded: i32| {
            let (id, kind, failed) = (Uuid::nil(), "convert_leads".to_owned(), 50 - succeeded);
            let job = NotifiedJob { id, kind, status: status.to_owned(), total: 50, succeeded, failed };
            let view = NotificationView { job: Some(job), ..line("job_finished", 1) };
            Words { locale, zone: Tz::Asia__Shanghai }.headline(&view)
        };
        assert_eq!(said(Locale::En, "succeeded", 50), "Converting leads has finished: 50 of 50 done");
        assert_eq!(said(Locale::En, "failed", 3), "Converting leads has failed: 3 of 50 done");
        assert_eq!(said(Locale::ZhCn, "partially_succeeded", 48), "批量转化线索已完成：50 条中成功 48 条");
        assert_eq!(said(Locale::ZhCn, "cancelled", 20), "批量转化线索已取消：50 条中成功 20 条");
    }

    #[test]
    fn a_moment_says_what_happens_then() {
        let said = |locale: Locale, kind: NotificationKind| {
            Words { locale, zone: Tz::Asia__Shanghai }.moment(&line(kind.as_str(), 1))
        };
        assert_eq!(said(Locale::En, NotificationKind::TaskDue), "due 1970-01-01 08:00");
        assert_eq!(said(Locale::ZhCn, NotificationKind::TaskDue), "1970-01-01 08:00 到期");
        assert_eq!(said(Locale::En, NotificationKind::CustomerReleaseSoon), "goes 1970-01-01 08:00");
        assert_eq!(said(Locale::ZhCn, NotificationKind::CustomerReleaseSoon), "1970-01-01 08:00 回收");
        assert_eq!(said(Locale::En, NotificationKind::OpportunityStale), "since 1970-01-01 08:00");
        assert_eq!(said(Locale::ZhCn, NotificationKind::OpportunityStale), "自 1970-01-01 08:00 起");
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(one_line("Eve\r\nBcc: all@example.com\u{0}"), "Eve Bcc: all@example.com");
        assert_eq!(one_line(" 孙\u{3000}悟空\u{2028}"), "孙 悟空");
    }
}
