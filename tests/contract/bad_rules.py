"""Bad rules about leads: who gets them, and how many points they have. Part of bad_input.py."""

from asking import NOBODY


def rules(cases, world):
    """Assignment rules with unknown fields, unknown people, too many of them, or which nothing can ever fit."""
    users, never = "/user_ids", "invalid_value"
    faults = [({"nmae": "x"}, "/nmae", "unknown_field"), ({"strategy": "lottery"}, "/strategy", "invalid_value"),
              ({"user_ids": [NOBODY]}, f"{users}/0", "not_found"), ({"user_ids": []}, users, "required"),
              ({"user_ids": [NOBODY] * 10_000}, users, "too_long"), ({"user_ids": world.rule["user_ids"] * 2}, users, "invalid_value"),
              ({"team_id": NOBODY}, "/team_id", "invalid_value"), ({"working_days": [0]}, "/working_days/0", "invalid_value"),
              ({"max_open": 0}, "/max_open", "invalid_value"), ({"max_per_day": 10**9}, "/max_per_day", "invalid_value")]
    conditions = {"colour = red": "unknown_field", "owner.name = x": "filter_invalid", "owner_id = @me": "filter_invalid",
                  "region": "filter_invalid", " OR ".join(["number = 1"] * 51): "filter_too_complex",
                  "status_category = converted": never, "region = a AND region = b": never}
    faults += [({"condition": condition}, "/condition", code) for condition, code in conditions.items()]
    for changes, place, code in faults:
        rule = world.rule | {"name": "Another"} | changes
        cases.refuse("no rule", (422, "validation_failed", place, code), "POST", "/assignment-rules", rule)
        cases.refuse("no change of a rule", (422, "validation_failed", place, code), "PATCH", f"/assignment-rules/{world.rule_id}", changes)
        cases.refuse("no rule to try", (422, "validation_failed", f"/rule{place}", code), "POST", "/assignment-rules/dry-run", {"rule": rule})
    cases.refuse("a name that is taken", (409, "duplicate", "/name"), "POST", "/assignment-rules", world.rule)
    cases.refuse("too many days", (422, "validation_failed", "/days"), "POST", "/assignment-rules/dry-run", {"rule": world.rule, "days": 91})
    cases.refuse("who may not", (403, "forbidden"), "GET", "/assignment-rules", who=world.sales)
    cases.refuse("who may not", (403, "forbidden"), "POST", f"/leads/{world.lead}/assignment", who=world.viewer)
    cases.refuse("somebody else's", (404, "not_found"), "POST", f"/leads/{world.hidden}/assignment", who=world.sales)


def scoring(cases, world):
    """Scoring rules with the wrong part, points out of range, or conditions on what writing a lead does not change; thresholds upside down."""
    kinds = "/behaviour/activity_kinds"
    faults = [({"nmae": "x"}, "/nmae", "unknown_field"), ({"kind": "luck"}, "/kind", "invalid_value"), ({"points": 0}, "/points", "invalid_value"),
              ({"points": 101}, "/points", "invalid_value"), ({"points": 10**12}, "/points", "invalid_value"),
              ({"behaviour": {"activity_kinds": ["call"]}}, "/behaviour", "invalid_value"), ({"condition": None}, "/condition", "required")]
    conditions = {"": "required", "colour = red": "unknown_field", "owner_id IS NULL": "filter_invalid", "score > 1": "filter_invalid",
                  "rating = hot": "filter_invalid", "created_at > @today": "filter_invalid", "status_category = converted": "invalid_value"}
    faults += [({"condition": condition}, "/condition", code) for condition, code in conditions.items()]
    behaviours = [({"activity_kinds": []}, kinds, "required"), ({"activity_kinds": ["task"]}, f"{kinds}/0", "invalid_value"),
                  ({"activity_kinds": ["call"] * 10_000}, kinds, "too_long"), ({"activity_kinds": ["call"], "at_most": 21}, "/behaviour/at_most", "invalid_value"),
                  ({"activity_kinds": ["call"], "halves_after_days": 0}, "/behaviour/halves_after_days", "invalid_value"),
                  ({"activity_kinds": ["visit"], "direction": "inbound"}, "/behaviour/direction", "invalid_value"),
                  ({"activity_kinds": ["call"], "colour": 1}, "/behaviour/colour", "unknown_field")]
    faults += [({"kind": "behaviour", "condition": None, "behaviour": typed}, place, code) for typed, place, code in behaviours]
    for changes, place, code in faults:
        rule = world.scoring | {"name": "Another"} | changes
        cases.refuse("no rule", (422, "validation_failed", place, code), "POST", "/scoring-rules", rule)
        cases.refuse("no change of a rule", (422, "validation_failed", place, code), "PATCH", f"/scoring-rules/{world.scoring_id}", changes)
        cases.refuse("no rule to try", (422, "validation_failed", f"/rule{place}", code), "POST", "/scoring-rules/dry-run", {"rule": rule})
    cases.refuse("a name that is taken", (409, "duplicate", "/name"), "POST", "/scoring-rules", world.scoring)
    upside_down = {"rule": world.scoring | {"name": "Another"}, "warm_from": 5, "hot_from": 5}
    cases.refuse("hot below warm", (422, "validation_failed", "/hot_from"), "POST", "/scoring-rules/dry-run", upside_down)
    cases.refuse("hot below warm", (422, "validation_failed", "/lead_hot_from"), "PATCH", "/organisation", {"lead_warm_from": 9, "lead_hot_from": 8})
    cases.refuse("who may not", (403, "forbidden"), "GET", "/scoring-rules", who=world.sales)
    cases.refuse("who may not", (403, "forbidden"), "POST", "/scoring-rules/dry-run", {"rule": world.scoring}, who=world.viewer)
    cases.refuse("somebody else's", (404, "not_found"), "GET", f"/leads/{world.hidden}/score", who=world.sales)
