"""A small, believable year of an organisation, told to the API: what a fixture of a release holds.

Told once for each release, by `make_fixture.py`; the answers it leads to are kept beside the database.
"""

import datetime
import re
from typing import Any

from rig import Client, Server

ADMIN = ("wang.fang@guanlan.example", "seven lanterns over the harbour 47")
SALES = ("li.xiaochen@guanlan.example", "plum rain on grey roof tiles 12")
PARTNER = ("emma.clarke@guanlan.example", "copper kettle by the north window 8")


def set_up(server: Server) -> None:
    """Opens the link that the first start prints."""
    link = next(line for line in server.lines() if "/setup?token=" in line)
    token = re.search(r"token=([\w-]+)", link)
    assert token, link
    name, (email, password) = "王芳", ADMIN
    server.client().expect(201, "POST", "/setup", {
        "token": token.group(1), "organisation_name": "观澜仪器", "currency": "CNY", "language": "zh-CN",
        "time_zone": "Asia/Shanghai", "sample_data": False, "admin": {"name": name, "email": email, "password": password}})


def money(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


class Story:
    """Tells it as the people who would have done it."""

    def __init__(self, server: Server):
        self.server = server
        self.admin = server.sign_in(*ADMIN)
        self.sales: Client = self.admin
        self.people: dict[str, str] = {}
        self.keys: dict[str, str] = {}

    def tell(self) -> dict[str, str]:
        """All of it; the secrets of the API keys by their names."""
        self.organise()
        self.configure()
        self.sell()
        self.regret()
        return self.keys

    def add(self, path: str, body: Any, by: Client | None = None) -> dict[str, Any]:
        made: dict[str, Any] = (by or self.admin).expect(201, "POST", path, body)
        return made

    # -- people

    def organise(self) -> None:
        head = self.add("/teams", {"name": "销售中心"})["id"]
        east = self.add("/teams", {"name": "华东", "parent_id": head})["id"]
        roles = {role["key"]: role["id"] for role in self.admin.get("/roles")["data"]}
        roles["partner"] = self.add("/roles", {
            "key": "partner", "names": {"zh-CN": "渠道伙伴", "en": "Partner"}, "description": "只看自己的商机",
            "grants": [{"type": "opportunity", "action": "view", "scope": "own"},
                       {"type": "customer", "action": "view", "scope": "all"}]})["id"]
        for key, name, (email, password), role, team in [
                ("sales", "李晓晨", SALES, "sales", east), ("partner", "Emma Clarke", PARTNER, "partner", head)]:
            self.people[key] = self.add("/users", {
                "name": name, "email": email, "password": password, "role_ids": [roles[role]], "team_id": team,
                "language": "en" if key == "partner" else "zh-CN"})["id"]
        self.people["left"] = self.add("/users", {
            "name": "周明远", "email": "zhou.mingyuan@guanlan.example", "role_ids": [roles["manager"]], "is_active": False})["id"]
        self.sales = self.server.sign_in(*SALES)
        until = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=300)).isoformat()
        for name, scopes in [("网站表单", ["leads:write"]), ("报表", ["*:read"])]:
            self.keys[name] = self.add("/api-keys", {"name": name, "scopes": scopes, "expires_at": until})["key"]

    def configure(self) -> None:
        self.add("/sources", {"key": "fair", "names": {"zh-CN": "展会", "en": "Trade fair"}})
        self.add("/lead-statuses", {"key": "sample_sent", "names": {"zh-CN": "已寄样", "en": "Sample sent"},
                                    "category": "working", "color": "pink"})
        stages = [("接洽", "Talks", "open", 20, []), ("报价", "Offer", "open", 60, ["amount", "expected_close_on"]),
                  ("签约", "Signed", "won", None, []), ("流失", "Lost", "lost", None, [])]
        self.pipeline = self.add("/pipelines", {
            "names": {"zh-CN": "渠道销售", "en": "Partner sales"},
            "stages": [{"names": {"zh-CN": zh, "en": en}, "category": category, "probability": probability,
                        "required_fields": required} for zh, en, category, probability, required in stages]})
        self.default = next(found for found in self.admin.get("/pipelines")["data"] if found["is_default"])

    # -- sales

    def sell(self) -> None:
        group = self.add("/customers", {"name": "海岳集团", "level": "A", "industry": "manufacturing", "employees": 4200,
                                        "tags": ["重点", "年框"], "website": "https://haiyue.example",
                                        "annual_revenue": money("1250000000.00")}, self.sales)
        self.haiyue = self.add("/customers", {
            "name": "宁波海岳仪器有限公司", "parent_id": group["id"], "tax_id": "91330200MA2AHXYZ14", "phone": "+86 574 8790 1188",
            "address": {"country": "CN", "region": "浙江", "city": "宁波", "district": "鄞州区", "line": "鄞县大道 1288 号",
                        "postcode": "315100"},
            "external_ids": [{"system": "erp", "external_id": "C-1042"}], "source": "fair"}, self.sales)
        contact = self.add("/contacts", {
            "family_name": "孙", "given_name": "乐", "job_title": "采购主管", "decision_role": "decision_maker",
            "emails": [{"value": "sun.le@haiyue.example", "primary": True}], "birthday": {"month": 2, "day": 29},
            "phones": [{"value": "+86 139 5740 1188", "primary": True}], "wechat": "sunle_hy",
            "customers": [{"customer_id": self.haiyue["id"], "role": "采购", "primary": True, "since": "2024-03-01"}]},
            self.sales)
        self.sales.expect(200, "PATCH", f"/customers/{self.haiyue['id']}", {"primary_contact_id": contact["id"]})
        self.sales.expect(200, "POST", f"/customers/{self.haiyue['id']}/lifecycle",
                          {"lifecycle": "active", "reason": "首单已签"})
        self.deals(contact["id"])
        self.leads()
        self.import_batch()

    def deals(self, contact: str) -> None:
        stage = {found["category"] + str(found["position"]): found["id"] for found in self.default["stages"]}
        opened = [found["id"] for found in self.default["stages"] if found["category"] == "open"]
        for name, amount, where, tags in [("三坐标测量机", "128000.00", "won", ["年框"]), ("影像仪 2 台", "86500.50", "lost", []),
                                          ("校准服务", "9800.00", "open", ["服务"])]:
            deal = self.add("/opportunities", {
                "name": f"海岳 · {name}", "customer_id": self.haiyue["id"], "amount": money(amount), "tags": tags,
                "expected_close_on": "2031-06-30", "primary_contact_id": contact,
                "contacts": [{"contact_id": contact, "role": "decision_maker"}], "next_step": "寄送报价单"}, self.sales)
            self.move(deal["id"], opened[1], {})
            if where != "open":
                target = next(value for key, value in stage.items() if key.startswith(where))
                reason = {"lost_reason": "price", "lost_note": "对手低两成"} if where == "lost" else {}
                self.move(deal["id"], target, reason)
        partner = self.add("/opportunities", {
            "name": "渠道 · 光谱仪", "customer_id": self.haiyue["id"], "pipeline_id": self.pipeline["id"],
            "owner_id": self.people["partner"], "amount": money("310000.00"), "expected_close_on": "2031-09-30"})
        self.move(partner["id"], self.pipeline["stages"][1]["id"], {}, self.admin)

    def move(self, deal: str, stage: str, more: dict[str, Any], by: Client | None = None) -> None:
        (by or self.sales).expect(200, "POST", f"/opportunities/{deal}/move", {"stage_id": stage, **more})

    def lead(self, family: str, given: str, company: str, **more: Any) -> dict[str, Any]:
        return self.add("/leads", {"family_name": family, "given_name": given, "company_name": company, **more}, self.sales)

    def leads(self) -> None:
        won = self.lead("何", "晴", "苏州云杉生物科技有限公司", email="he.qing@yunshan.example", phone="+86 512 6288 3300",
                        estimated_amount=money("45000.00"), source="website", rating="hot", interest="想看影像仪的样机",
                        utm={"source": "baidu", "campaign": "2026 春季"})
        self.convert(won["id"], {"customer": {"mode": "create"}, "contact": {"mode": "create"},
                                 "opportunity": {"mode": "create", "fields": {"name": "云杉 · 影像仪"}}})
        linked = self.lead("孙", "乐怡", "宁波海岳仪器有限公司", email="sun.leyi@haiyue.example")
        self.convert(linked["id"], {"customer": {"mode": "link", "id": self.haiyue["id"]}, "contact": {"mode": "create"}})
        undone = self.lead("Olsen", "Kari", "Fjord Analytics AS", email="kari@fjord.example", title="Lab manager")
        self.convert(undone["id"], {"customer": {"mode": "create"}, "contact": {"mode": "create"}})
        self.sales.expect(200, "POST", f"/leads/{undone['id']}/conversion/undo", {})
        bad = self.lead("赵", "一", "杭州试错网络科技", phone="+86 571 8800 2200", source="fair")
        self.change(f"/leads/{bad['id']}", {"status": "sample_sent"})
        self.change(f"/leads/{bad['id']}", {"status": "disqualified", "disqualified_reason": "no_budget"})
        later = self.lead("钱", "进", "合肥量子精密", status="nurturing", revisit_on="2031-03-01")
        self.admin.expect(200, "POST", f"/leads/{later['id']}/transfer", {"owner_id": self.people["partner"]})

    def convert(self, lead: str, wanted: dict[str, Any]) -> None:
        self.sales.expect(201, "POST", f"/leads/{lead}/conversion", wanted)

    def change(self, path: str, fields: dict[str, Any]) -> None:
        self.sales.expect(200, "PATCH", path, fields)

    def import_batch(self) -> None:
        names = ["吕梁精工", "Žilina Optik", "Müller & Söhne", "東京計測"]
        self.admin.expect(200, "POST", "/customers/batch", {"atomic": True, "operations": [
            {"action": "upsert", "external_id": {"system": "erp", "external_id": f"I-{n}"},
             "data": {"name": name, "tags": ["导入"]}} for n, name in enumerate(names)]})

    # -- what was thrown away

    def regret(self) -> None:
        names = {"customers": {"name": "重复的客户"}, "leads": {"family_name": "测", "given_name": "试", "company_name": "测试线索"},
                 "contacts": {"family_name": "误", "given_name": "录"}}
        for kind, body in names.items():
            made = self.add(f"/{kind}", {**body, "tags": ["误录"]}, self.sales)
            self.sales.expect(204, "DELETE", f"/{kind}/{made['id']}")
        back = self.add("/customers", {"name": "删了又要的客户"}, self.sales)
        self.sales.expect(204, "DELETE", f"/customers/{back['id']}")
        self.sales.expect(200, "POST", f"/customers/{back['id']}/restore")
