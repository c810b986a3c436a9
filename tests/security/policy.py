"""What must be answered to whom, worked out from the published roles and the documented meaning of scopes, apart from the program."""

from world import OWNED

SINGULAR = {"customers": "customer", "contacts": "contact", "leads": "lead", "opportunities": "opportunity",
            "activities": "activity", "users": "user", "handovers": "user",
            "teams": "team", "roles": "role", "access": "role", "pipelines": "configuration", "sources": "configuration",
            "lead-statuses": "configuration", "assignment-rules": "configuration", "scoring-rules": "configuration",
            "pools": "configuration", "organisation": "configuration"}
ORDER = ("none", "own", "team", "team_and_below", "all")
# The last word of an action's path, and the right it takes.
ACTIONS = {"transfer": "assign", "assignment": "assign", "restore": "delete", "conversion": "convert", "preview": "convert", "undo": "convert",
           "move": "edit", "lifecycle": "edit", "release": "edit", "lock": "assign"}
# Whoever is signed in, by whatever way; and whoever is signed in as a person.
ANYBODY = {"getMe", "listJobs", "listMyPools", "searchEverything", "listTrash", "listUserDirectory", "streamEvents"}
PERSONS = {"updateMe", "listMySessions", "endMySession", "endMyOtherSessions", "logout", "changePassword", "listApiKeys",
           "createApiKey", "deleteApiKey", "getCalendarFeed", "createCalendarFeed", "endCalendarFeed",
           "listNotifications", "countNotifications", "updateNotification", "readNotifications", "getNotificationSettings",
           "putNotificationSettings", "listFavourites", "addFavourite", "removeFavourite",
           "listStickyNotes", "createStickyNote", "updateStickyNote", "deleteStickyNote"}
# A job is its beginner's, by the way it was begun, and those who manage users see them all.
OF_A_JOB = {"getJob", "listJobItems", "cancelJob"}
OPEN = {"login", "issueToken", "refresh", "getSetup", "setUp"}


class Actor:
    """A person, or a key that narrows one."""

    def __init__(self, world, name):
        self.name, key = name, world.keys.get(name)
        self.is_key, self.scope = bool(key), key[1] if key else None
        me = world.people[key[0] if key else name]
        self.id, self.team, self.teams = me["id"], me.get("team_id"), world.teams
        self.grants = {}
        for role in me["roles"]:
            for grant in world.roles[role["key"]]["grants"]:
                cell = (grant["type"], grant["action"])
                self.grants[cell] = max(self.grants.get(cell, "none"), grant["scope"], key=ORDER.index)

    def reach(self, subject, action):
        """How far the actor may go."""
        return self.grants.get((subject, action), "none") if self.key_admits(subject, action) else "none"

    def key_admits(self, subject, action):
        """What a key of this scope may use of its owner's rights."""
        if not self.is_key:
            return True
        about, access = self.scope.split(":")
        if subject == "configuration":
            return action == "view"
        if subject in ("user", "team", "role"):
            return action == "view" and about == "*"
        if subject == "api_key":
            return False
        return about in ("*", next(plural for plural in OWNED if SINGULAR[plural] == subject)) and (
            access == "write" or action in ("view", "export"))

    def reaches(self, subject, action, record):
        scope, is_mine = self.reach(subject, action), record["owner_id"] == self.id
        if scope in ("none", "all"):
            return scope == "all"
        if subject == "customer" and action == "view" and record.get("pool"):
            # The one pool there is that serves anybody serves everybody.
            return True
        is_ours = record.get("team_id") is not None and record["team_id"] == self.team
        is_below = scope == "team_and_below" and self.is_below(record.get("team_id"))
        return is_mine or (scope != "own" and is_ours) or is_below

    def is_below(self, team):
        while team is not None and self.team is not None:
            if team == self.team:
                return True
            team = self.teams.get(team)
        return False

    def may_on(self, subject, action, record):
        """The status of a refusal, or None: hidden is 404, visible but not allowed 403."""
        if not self.reaches(subject, "view", record):
            return 404
        return None if self.reaches(subject, action, record) else 403


def action_of(operation):
    """The right that an operation on records, people or configuration takes."""
    if operation.plural not in OWNED:
        is_for_all = operation.method == "GET" and operation.plural not in ("access", "assignment-rules", "scoring-rules", "handovers")
        is_for_all = is_for_all and operation.id not in ("getUserHoldings", "listUserHandovers")
        return "view" if is_for_all else "configure"
    word = operation.path.rsplit("/", 1)[1]
    if operation.method == "GET":
        # What would go along with a customer is for whoever may give it away.
        return "assign" if operation.id == "previewCustomerTransfer" else "view"
    return ACTIONS.get(word) or {"PATCH": "edit", "DELETE": "delete", "PUT": "edit"}.get(operation.method, "create")


def is_on_record(operation):
    return "{id}" in operation.path or "{system}" in operation.path


def of_the_pool(actor, operation, record):
    """Claiming takes the right to edit any customer, allotting the right to assign more than one's own."""
    if not actor.reaches("customer", "view", record):
        return 404
    if operation.id == "claimCustomer":
        return 403 if actor.reach("customer", "edit") == "none" else None
    return 403 if actor.reach("customer", "assign") in ("none", "own") else None


def of_files(actor, operation, activity):
    """Whoever writes activities sends files; what is attached is seen by whoever sees the activity."""
    if operation.is_change and actor.reach("activity", "create") == "none":
        return 403
    if operation.id == "uploadFile":
        return None
    return actor.may_on("activity", "view", activity)


def of_templates(actor, operation):
    """Whoever writes activities uses templates; everybody's are changed by whoever configures."""
    if actor.reach("activity", "create") == "none":
        return 403
    return 403 if operation.is_change and actor.reach("configuration", "configure") != "all" else None


def expected(actor, operation, record):
    """The status with which an actor must be refused, or None where he may. `record` is the one the path leads to, or the
    one that a file of the path is attached to.

    An operation this does not know is a fault: whoever adds one says here who may.
    """
    if operation.id in ANYBODY or operation.id in OPEN:
        return None
    if operation.id in PERSONS:
        return 403 if actor.is_key else None
    if operation.plural == "files":
        return of_files(actor, operation, record)
    if operation.plural == "activity-templates":
        return of_templates(actor, operation)
    if operation.id in ("claimCustomer", "allotCustomer"):
        return of_the_pool(actor, operation, record)
    if operation.id in OF_A_JOB:
        is_seen = (actor.name == "sales" and not actor.is_key) or actor.reach("user", "configure") == "all"
        return None if is_seen else 404
    if operation.id == "convertLeads":
        return 403 if actor.reach("lead", "convert") == "none" else None
    subject, action = SINGULAR[operation.plural], action_of(operation)
    if operation.plural not in OWNED:
        return None if actor.reach(subject, action) == "all" else 403
    if is_on_record(operation):
        refusal = actor.may_on(subject, action, record)
        if operation.id == "releaseCustomer" and not refusal and record["owner_id"] != actor.id:
            refusal = actor.may_on(subject, "assign", record)
        if operation.id == "lockCustomer" and not refusal and actor.reach(subject, action) == "own":
            refusal = 403
        # An external id that somebody else's hidden record has is taken, and that is all that is said.
        return 409 if operation.method == "PUT" and refusal == 404 else refusal
    if action == "create" and operation.method == "POST" and not operation.path.endswith("/search"):
        return None if actor.reach(subject, "create") != "none" else 403
    return None
