import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CornerDownRight, Ellipsis, Pencil, Plus, Trash2, Users } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  createTeam,
  deleteTeam,
  peopleKeys,
  type Team,
  teamsQuery,
  updateTeam,
  usersQuery,
} from "@/api/people";
import { asProblem } from "@/api/problem";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { FormField } from "@/ui/FormField";
import { IconButton } from "@/ui/IconButton";
import { Menu } from "@/ui/Menu";
import { Select } from "@/ui/Select";
import { toast } from "@/ui/Toast";
import { FormDialog } from "./FormDialog";
import { Frame } from "./Frame";
import { TextField } from "./fields";
import { Loaded } from "./Loaded";
import { indented, subtreeOf, type TeamNode, treeOf } from "./tree";
import { useMayConfigure } from "./use-may";

interface Draft {
  team: Team | null;
  parent_id: string | null;
}

/** The organisation tree. */
export default function TeamsSection() {
  const { t } = useTranslation();
  const teams = useQuery(teamsQuery());
  const mayEdit = useMayConfigure("team");
  const [draft, setDraft] = useState<Draft | null>(null);
  const add = (
    <Button
      variant="primary"
      icon={<Plus className="size-4" />}
      onClick={() => setDraft({ team: null, parent_id: null })}
    >
      {t("settings:teams.add")}
    </Button>
  );
  return (
    <Frame
      title={t("settings:section.teams")}
      description={t("settings:teams.hint")}
      action={mayEdit && add}
    >
      <Loaded query={teams}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState
              icon={<Users />}
              title={t("settings:teams.empty")}
              action={mayEdit && add}
            />
          ) : (
            <Branch nodes={treeOf(all)} mayEdit={mayEdit} onDraft={setDraft} />
          )
        }
      </Loaded>
      {draft && (
        <TeamDialog draft={draft} teams={teams.data ?? []} onClose={() => setDraft(null)} />
      )}
    </Frame>
  );
}

interface BranchProps {
  nodes: TeamNode[];
  mayEdit: boolean;
  onDraft: (draft: Draft) => void;
}

function Branch({ nodes, mayEdit, onDraft }: BranchProps) {
  return (
    <ul className="[&_ul]:ml-3 [&_ul]:border-line [&_ul]:border-l [&_ul]:pl-4">
      {nodes.map((node) => (
        <li key={node.team.id}>
          <TeamLine team={node.team} mayEdit={mayEdit} onDraft={onDraft} />
          {node.children.length > 0 && (
            <Branch nodes={node.children} mayEdit={mayEdit} onDraft={onDraft} />
          )}
        </li>
      ))}
    </ul>
  );
}

function TeamLine({ team, mayEdit, onDraft }: Omit<BranchProps, "nodes"> & { team: Team }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const users = useQuery({ ...usersQuery(), retry: false }).data;
  const members = users?.filter((user) => user.team_id === team.id && user.is_active).length;
  const remove = useMutation({
    mutationFn: () => deleteTeam(team.id, team.version),
    onSuccess: () => {
      toast(t("settings:removed", { name: team.name }), {
        action: {
          label: t("settings:undo"),
          run: () =>
            void createTeam({ name: team.name, parent_id: team.parent_id }).then(() =>
              client.invalidateQueries({ queryKey: peopleKeys.teams }),
            ),
        },
      });
      return client.invalidateQueries({ queryKey: peopleKeys.teams });
    },
    onError: (error) => {
      const problem = asProblem(error);
      toast(t("settings:notRemoved", { name: team.name }), {
        tone: "error",
        description: problem.detail ?? problem.title,
      });
    },
  });
  return (
    <div className="group flex h-9 items-center gap-2 rounded-md px-2 hover:bg-hover phone:h-12">
      <Users className="size-4 shrink-0 text-fg3" aria-hidden="true" />
      <span className="truncate">{team.name}</span>
      {members !== undefined && (
        <span className="tnum text-fg3 text-xs">
          {t("settings:teams.members", { count: members })}
        </span>
      )}
      {mayEdit && (
        <div className="ml-auto">
          <Menu
            trigger={
              <IconButton
                size="sm"
                hasTooltip={false}
                label={t("settings:actionsOf", { name: team.name })}
              >
                <Ellipsis />
              </IconButton>
            }
            groups={[
              [
                {
                  id: "below",
                  label: t("settings:teams.addBelow"),
                  icon: <CornerDownRight />,
                  onSelect: () => onDraft({ team: null, parent_id: team.id }),
                },
                {
                  id: "edit",
                  label: t("settings:edit"),
                  icon: <Pencil />,
                  onSelect: () => onDraft({ team, parent_id: team.parent_id }),
                },
              ],
              [
                {
                  id: "remove",
                  label: t("settings:remove"),
                  icon: <Trash2 />,
                  danger: true,
                  onSelect: () => remove.mutate(),
                },
              ],
            ]}
          />
        </div>
      )}
    </div>
  );
}

interface TeamDialogProps {
  draft: Draft;
  teams: Team[];
  onClose: () => void;
}

function TeamDialog({ draft, teams, onClose }: TeamDialogProps) {
  const { t } = useTranslation();
  const { team } = draft;
  const below = team ? subtreeOf(teams, team.id) : new Set<string>();
  const parents = indented(teams).filter(({ value }) => !below.has(value));
  return (
    <FormDialog
      title={team ? t("settings:teams.editTitle", { name: team.name }) : t("settings:teams.add")}
      submitLabel={team ? t("settings:save") : t("settings:teams.add")}
      size="sm"
      initial={{ name: team?.name ?? "", parent_id: draft.parent_id }}
      save={(values) => (team ? updateTeam(team.id, team.version, values) : createTeam(values))}
      refresh={["people"]}
      onClose={onClose}
    >
      {(form) => (
        <>
          <TextField
            className="col-span-full"
            label={t("settings:name")}
            required
            value={form.values.name}
            onChange={(name) => form.set({ name })}
            error={form.error("name")}
          />
          <FormField
            className="col-span-full"
            label={t("settings:teams.parent")}
            error={form.error("parent_id")}
          >
            {(control) => (
              <Select
                {...control}
                value={form.values.parent_id}
                onChange={(parent_id) => form.set({ parent_id })}
                emptyLabel={t("settings:teams.top")}
                options={parents}
              />
            )}
          </FormField>
        </>
      )}
    </FormDialog>
  );
}
