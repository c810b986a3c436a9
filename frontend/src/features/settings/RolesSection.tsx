import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Copy, Ellipsis, Lock, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  createRole,
  deleteRole,
  peopleKeys,
  type Role,
  type RoleInput,
  rolesQuery,
  updateRole,
} from "@/api/people";
import { asProblem } from "@/api/problem";
import type { Permission } from "@/api/types";
import { localName } from "@/features/records/use-options";
import { cn } from "@/lib/cn";
import { useFormat } from "@/lib/format";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { Menu } from "@/ui/Menu";
import { toast } from "@/ui/Toast";
import { FormDialog } from "./FormDialog";
import { AddButton, Frame } from "./Frame";
import { NamesFields, TextField } from "./fields";
import { Loaded } from "./Loaded";
import { differences } from "./matrix";
import { RoleMatrix } from "./RoleMatrix";
import { keyOf } from "./use-change";
import { useMayConfigure } from "./use-may";

interface Draft {
  role: Role | null;
  input: RoleInput;
}

const blank: RoleInput = { names: {}, description: "", grants: [] };

/** Roles: who may do what, and how far. */
export default function RolesSection() {
  const { t } = useTranslation();
  const roles = useQuery(rolesQuery());
  const mayEdit = useMayConfigure("role");
  const [draft, setDraft] = useState<Draft | null>(null);
  return (
    <Frame
      title={t("settings:section.roles")}
      description={t("settings:roles.hint")}
      action={
        mayEdit && (
          <AddButton
            label={t("settings:roles.add")}
            onAdd={() => setDraft({ role: null, input: blank })}
          />
        )
      }
    >
      <Loaded query={roles}>
        {(all) => <Roles roles={all} mayEdit={mayEdit} onDraft={setDraft} />}
      </Loaded>
      {draft && <RoleDialog draft={draft} onClose={() => setDraft(null)} />}
    </Frame>
  );
}

interface RolesProps {
  roles: Role[];
  mayEdit: boolean;
  onDraft: (draft: Draft) => void;
}

function Roles({ roles, mayEdit, onDraft }: RolesProps) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const [chosen, setChosen] = useState<string | null>(null);
  const role = roles.find(({ id }) => id === chosen) ?? roles[0];
  return (
    <>
      <nav
        aria-label={t("settings:section.roles")}
        className="scrollbar-none mb-4 flex gap-1 overflow-x-auto border-line border-b pb-2"
      >
        {roles.map((one) => (
          <button
            key={one.id}
            type="button"
            aria-current={one.id === role?.id ? "true" : undefined}
            onClick={() => setChosen(one.id)}
            className={cn(
              "flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2.5 text-fg2 hover:bg-hover hover:text-fg phone:h-11",
              one.id === role?.id && "bg-hover font-medium text-fg",
            )}
          >
            {localName(one, language)}
            {one.is_builtin && <Lock className="size-3 text-fg3" aria-hidden="true" />}
          </button>
        ))}
      </nav>
      {role && (
        <RoleEditor
          key={`${role.id} ${role.version}`}
          role={role}
          mayEdit={mayEdit}
          onDraft={onDraft}
        />
      )}
    </>
  );
}

function RoleEditor({ role, mayEdit, onDraft }: Omit<RolesProps, "roles"> & { role: Role }) {
  const { t } = useTranslation();
  const { language } = useFormat();
  const client = useQueryClient();
  const [grants, setGrants] = useState<Permission[]>(role.grants);
  const changes = differences(role.grants, grants);
  const isFixed = !mayEdit || role.is_builtin;
  const save = useMutation({
    mutationFn: () => updateRole(role.id, role.version, { grants }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: peopleKeys.roles }),
        client.invalidateQueries({ queryKey: ["me"] }),
      ]),
    onError: (error) => {
      const problem = asProblem(error);
      toast(problem.title, {
        tone: "error",
        ...(problem.detail && { description: problem.detail }),
      });
      if (problem.status === 412) void client.invalidateQueries({ queryKey: peopleKeys.roles });
    },
  });
  return (
    <>
      <div className="mb-3 flex items-center gap-2">
        <p className="min-w-0 flex-1 text-fg2">
          {role.description || (role.is_builtin ? t("settings:roles.builtinHint") : "")}
        </p>
        {role.is_builtin && <Badge>{t("settings:roles.builtin")}</Badge>}
        {mayEdit && <RoleMenu role={role} name={localName(role, language)} onDraft={onDraft} />}
      </div>
      <RoleMatrix grants={grants} onChange={isFixed ? undefined : setGrants} />
      {changes > 0 && (
        <div className="sticky bottom-4 mt-4 flex items-center gap-3 rounded-lg bg-raised px-4 py-2.5 shadow-float">
          <span className="flex-1">{t("settings:roles.changes", { count: changes })}</span>
          <Button variant="ghost" onClick={() => setGrants(role.grants)}>
            {t("settings:reset")}
          </Button>
          <Button variant="primary" busy={save.isPending} onClick={() => save.mutate()}>
            {t("settings:save")}
          </Button>
        </div>
      )}
    </>
  );
}

interface RoleMenuProps {
  role: Role;
  name: string;
  onDraft: (draft: Draft) => void;
}

function RoleMenu({ role, name, onDraft }: RoleMenuProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { names, description, grants } = role;
  const remove = useMutation({
    mutationFn: () => deleteRole(role.id, role.version),
    onSuccess: () => {
      toast(t("settings:removed", { name }), {
        action: {
          label: t("settings:undo"),
          run: () =>
            void createRole({ key: role.key, names, description, grants }).then(() =>
              client.invalidateQueries({ queryKey: peopleKeys.roles }),
            ),
        },
      });
      return client.invalidateQueries({ queryKey: peopleKeys.roles });
    },
    onError: (error) => {
      const problem = asProblem(error);
      toast(t("settings:notRemoved", { name }), {
        tone: "error",
        description: problem.detail ?? problem.title,
      });
    },
  });
  const duplicate = {
    id: "duplicate",
    label: t("settings:roles.duplicate"),
    icon: <Copy />,
    onSelect: () => onDraft({ role: null, input: { names: {}, description, grants } }),
  };
  const rename = {
    id: "rename",
    label: t("settings:edit"),
    icon: <Pencil />,
    onSelect: () => onDraft({ role, input: { names, description, grants } }),
  };
  const drop = {
    id: "remove",
    label: t("settings:remove"),
    icon: <Trash2 />,
    danger: true,
    onSelect: () => remove.mutate(),
  };
  return (
    <Menu
      trigger={
        <IconButton hasTooltip={false} label={t("settings:actionsOf", { name })}>
          <Ellipsis />
        </IconButton>
      }
      groups={role.is_builtin ? [[duplicate]] : [[rename, duplicate], [drop]]}
    />
  );
}

function RoleDialog({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const { t } = useTranslation();
  const { role, input } = draft;
  return (
    <FormDialog<RoleInput>
      title={role ? t("settings:roles.editTitle") : t("settings:roles.add")}
      submitLabel={role ? t("settings:save") : t("settings:roles.create")}
      initial={input}
      save={(values) =>
        role
          ? updateRole(role.id, role.version, {
              names: values.names,
              description: values.description,
            })
          : createRole({ ...values, key: keyOf(values.names.en ?? "") })
      }
      refresh={peopleKeys.roles}
      onClose={onClose}
    >
      {(form) => (
        <>
          <NamesFields
            value={form.values.names}
            onChange={(names) => form.set({ names })}
            error={form.error("names")}
          />
          <TextField
            className="col-span-full"
            label={t("settings:description")}
            value={form.values.description}
            onChange={(description) => form.set({ description })}
            error={form.error("description")}
          />
        </>
      )}
    </FormDialog>
  );
}
