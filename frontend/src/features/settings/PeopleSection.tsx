import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  ArrowRightLeft,
  Ellipsis,
  History,
  LogOut,
  Pencil,
  UserCheck,
  UserPlus,
  UserX,
} from "lucide-react";
import { Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "@/api/me";
import { endUserSessions, peopleKeys, type User, updateUser, usersQuery } from "@/api/people";
import { asProblem } from "@/api/problem";
import { useFormat } from "@/lib/format";
import { withTexts } from "@/lib/i18n";
import { lazyNamed } from "@/lib/lazy";
import { Avatar } from "@/ui/Avatar";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { Input } from "@/ui/Input";
import { Menu } from "@/ui/Menu";
import { type SimpleColumn, SimpleTable } from "@/ui/SimpleTable";
import { toast } from "@/ui/Toast";
import { Frame } from "./Frame";
import { Loaded } from "./Loaded";
import { PersonDialog } from "./PersonDialog";
import { useMayConfigure } from "./use-may";

const loadHandover = () => withTexts("handover", () => import("./handover"));
const DeactivateDialog = lazyNamed(() => loadHandover().then((module) => module.DeactivateDialog));
const HandoverDialog = lazyNamed(() => loadHandover().then((module) => module.HandoverDialog));
const HandoversDialog = lazyNamed(() => loadHandover().then((module) => module.HandoversDialog));

/** Everyone who signs in. */
export default function PeopleSection() {
  const { t } = useTranslation();
  const users = useQuery(usersQuery());
  const mayEdit = useMayConfigure("user");
  const [edited, setEdited] = useState<User | "new" | null>(null);
  return (
    <Frame
      title={t("settings:section.people")}
      description={t("settings:people.hint")}
      action={
        mayEdit && (
          <Button
            variant="primary"
            icon={<UserPlus className="size-4" />}
            onClick={() => setEdited("new")}
          >
            {t("settings:people.add")}
          </Button>
        )
      }
    >
      <Loaded query={users}>
        {(all) => <People users={all} mayEdit={mayEdit} onEdit={setEdited} />}
      </Loaded>
      {edited && (
        <PersonDialog user={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
    </Frame>
  );
}

function usePeopleColumns(): SimpleColumn<User>[] {
  const { t } = useTranslation();
  const { relativeDay } = useFormat();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("settings:people.name"),
        cell: (user) => (
          <span className="flex items-center gap-2.5">
            <Avatar name={user.name} size="md" />
            <span className="min-w-0">
              <span className="flex items-center gap-1.5">
                <span className="truncate">{user.name}</span>
                {!user.is_active && <Badge>{t("settings:people.inactive")}</Badge>}
              </span>
              <span className="block truncate text-fg3 text-xs">{user.email}</span>
            </span>
          </span>
        ),
      },
      {
        id: "roles",
        header: t("settings:section.roles"),
        cell: (user) => (
          <span className="flex flex-wrap gap-1">
            {user.roles.map((role) => (
              <Badge key={role.id}>{role.name}</Badge>
            ))}
          </span>
        ),
      },
      { id: "team", header: t("settings:team"), cell: (user) => user.team?.name },
      {
        id: "seen",
        header: t("settings:people.lastSignIn"),
        isMinor: true,
        cell: (user) =>
          user.last_sign_in_at ? relativeDay(user.last_sign_in_at) : t("settings:never"),
      },
    ],
    [t, relativeDay],
  );
}

interface PeopleProps {
  users: User[];
  mayEdit: boolean;
  onEdit: (user: User) => void;
}

function People({ users, mayEdit, onEdit }: PeopleProps) {
  const { t } = useTranslation();
  const columns = usePeopleColumns();
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = users.filter((user) =>
    [user.name, user.email, user.team?.name ?? ""].some((part) =>
      part.toLowerCase().includes(wanted),
    ),
  );
  return (
    <>
      <Input
        type="search"
        aria-label={t("settings:people.find")}
        placeholder={t("settings:people.find")}
        className="mb-2 max-w-72 phone:max-w-none"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <SimpleTable
        label={t("settings:section.people")}
        rows={shown}
        columns={columns}
        {...(mayEdit && { actions: (user: User) => <PersonMenu user={user} onEdit={onEdit} /> })}
      />
    </>
  );
}

type Question = "deactivate" | "leave" | "hand-over" | "handovers";

interface PersonQuestionProps {
  user: User;
  question: Question;
  onChange: (question: Question | null) => void;
}

/** What the menu of a person asks or shows. */
function PersonQuestion({ user, question, onChange }: PersonQuestionProps) {
  const onClose = () => onChange(null);
  if (question === "handovers") return <HandoversDialog user={user} onClose={onClose} />;
  if (question === "deactivate") {
    return <DeactivateDialog user={user} onHandOver={() => onChange("leave")} onClose={onClose} />;
  }
  return <HandoverDialog user={user} deactivate={question === "leave"} onClose={onClose} />;
}

function PersonMenu({ user, onEdit }: { user: User; onEdit: (user: User) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useQuery(meQuery()).data;
  const [question, setQuestion] = useState<Question | null>(null);
  // The person as they were when it was asked: handing over switches them off under the dialog's feet.
  const [asked, setAsked] = useState(user);
  const ask = (next: Question) => {
    setAsked(user);
    setQuestion(next);
  };
  const fail = (error: unknown) => {
    const problem = asProblem(error);
    toast(problem.title, { tone: "error", ...(problem.detail && { description: problem.detail }) });
  };
  const activate = useMutation({
    mutationFn: () => updateUser(user.id, user.version, { is_active: true }),
    onSuccess: () => client.invalidateQueries({ queryKey: peopleKeys.users }),
    onError: fail,
  });
  const signOut = useMutation({
    mutationFn: () => endUserSessions(user.id),
    onSuccess: () => toast(t("settings:people.signedOut", { name: user.name })),
    onError: fail,
  });
  return (
    <>
      <Menu
        trigger={
          <IconButton label={t("settings:actionsOf", { name: user.name })} hasTooltip={false}>
            <Ellipsis />
          </IconButton>
        }
        groups={[
          [
            {
              id: "edit",
              label: t("settings:edit"),
              icon: <Pencil />,
              onSelect: () => onEdit(user),
            },
            {
              id: "sign-out",
              label: t("settings:people.signOut"),
              icon: <LogOut />,
              onSelect: () => signOut.mutate(),
            },
          ],
          [
            {
              id: "hand-over",
              label: t("settings:people.handOver"),
              icon: <ArrowRightLeft />,
              // Whoever hands over their own work hardly means to lock themselves out.
              onSelect: () => ask(me?.id === user.id ? "hand-over" : "leave"),
            },
            {
              id: "handovers",
              label: t("settings:people.handovers"),
              icon: <History />,
              onSelect: () => ask("handovers"),
            },
          ],
          [
            user.is_active
              ? {
                  id: "deactivate",
                  label: t("settings:people.deactivate"),
                  icon: <UserX />,
                  danger: true,
                  onSelect: () => ask("deactivate"),
                }
              : {
                  id: "activate",
                  label: t("settings:people.activate"),
                  icon: <UserCheck />,
                  onSelect: () => activate.mutate(),
                },
          ],
        ]}
      />
      {question && (
        <Suspense fallback={null}>
          <PersonQuestion user={asked} question={question} onChange={setQuestion} />
        </Suspense>
      )}
    </>
  );
}
