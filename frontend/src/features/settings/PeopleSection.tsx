import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, LogOut, Pencil, UserCheck, UserPlus, UserX } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { endUserSessions, peopleKeys, type User, updateUser, usersQuery } from "@/api/people";
import { asProblem } from "@/api/problem";
import { useFormat } from "@/lib/format";
import { Avatar } from "@/ui/Avatar";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { IconButton } from "@/ui/IconButton";
import { Input } from "@/ui/Input";
import { Menu } from "@/ui/Menu";
import { type SimpleColumn, SimpleTable } from "@/ui/SimpleTable";
import { toast } from "@/ui/Toast";
import { Frame } from "./Frame";
import { Loaded } from "./Loaded";
import { PersonDialog } from "./PersonDialog";
import { useMayConfigure } from "./use-may";

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

function PersonMenu({ user, onEdit }: { user: User; onEdit: (user: User) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: peopleKeys.users });
  const fail = (error: unknown) => {
    const problem = asProblem(error);
    toast(problem.title, { tone: "error", ...(problem.detail && { description: problem.detail }) });
  };
  const activate = useMutation({
    mutationFn: (is_active: boolean) => updateUser(user.id, user.version, { is_active }),
    onSuccess: refresh,
    onError: fail,
    onSettled: () => setAsking(false),
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
            user.is_active
              ? {
                  id: "deactivate",
                  label: t("settings:people.deactivate"),
                  icon: <UserX />,
                  danger: true,
                  onSelect: () => setAsking(true),
                }
              : {
                  id: "activate",
                  label: t("settings:people.activate"),
                  icon: <UserCheck />,
                  onSelect: () => activate.mutate(true),
                },
          ],
        ]}
      />
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={t("settings:people.deactivateTitle", { name: user.name })}
        confirmLabel={t("settings:people.deactivate")}
        danger
        busy={activate.isPending}
        onConfirm={() => activate.mutate(false)}
      >
        {t("settings:people.deactivateHint")}
      </ConfirmDialog>
    </>
  );
}
