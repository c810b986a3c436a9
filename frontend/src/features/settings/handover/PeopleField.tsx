import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { findUsers } from "@/api/search";
import type { Ref } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Combobox } from "@/ui/Combobox";
import { FormField } from "@/ui/FormField";
import { IconButton } from "@/ui/IconButton";

interface PeopleFieldProps {
  label: string;
  value: Ref[];
  onChange: (people: Ref[]) => void;
  /** Who cannot be chosen: whoever leaves. */
  except: string;
  error: string | undefined;
  required?: boolean;
}

/** One person or several who share. */
export function PeopleField(props: PeopleFieldProps) {
  const { t } = useTranslation();
  const { label, value, onChange, except, error } = props;
  const taken = new Set([except, ...value.map(({ id }) => id)]);
  return (
    <div className="flex flex-col gap-2">
      <FormField
        label={label}
        required={props.required ?? false}
        error={error}
        hint={value.length > 1 ? t("handover:form.shareHint") : undefined}
      >
        {(control) => (
          <Combobox
            {...control}
            value={null}
            placeholder={t(value.length > 0 ? "handover:form.addPerson" : "handover:form.choose")}
            onChange={(person) =>
              person &&
              !taken.has(person.id) &&
              onChange([...value, { id: person.id, name: person.name }])
            }
            search={async (text, signal) =>
              (await findUsers(text, signal)).filter(({ id }) => !taken.has(id))
            }
            renderIcon={(person) => <Avatar name={person.name} />}
          />
        )}
      </FormField>
      {value.length > 0 && (
        <ul aria-label={label} className="flex flex-wrap gap-1.5">
          {value.map(({ id, name }) => (
            <li
              key={id}
              className="flex h-7 items-center gap-1.5 rounded-full border border-line-strong bg-panel pl-1 phone:h-11 phone:pl-2"
            >
              <Avatar name={name} />
              <span className="max-w-40 truncate">{name}</span>
              <IconButton
                size="sm"
                label={t("common:removeNamed", { name })}
                onClick={() => onChange(value.filter((person) => person.id !== id))}
              >
                <X />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
