import { useTranslation } from "react-i18next";
import { Button } from "@/ui/Button";
import { Drawer } from "@/ui/Drawer";
import { FacetPanel } from "@/ui/FacetPanel";
import { type FiltersProps, useFacetPanel } from "./Filters";

interface FilterDrawerProps extends FiltersProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The filters of a list on a phone. */
export function FilterDrawer({ open, onOpenChange, ...filters }: FilterDrawerProps) {
  const { t } = useTranslation();
  const panel = useFacetPanel(filters);
  const { onAddress } = filters;
  return (
    <Drawer
      open={open}
      onOpenChange={onOpenChange}
      title={t("records:filters")}
      footer={
        <>
          <Button onClick={() => onAddress({ chosen: {}, q: "" })}>
            {t("records:clearFilters")}
          </Button>
          <Button variant="primary" onClick={() => onOpenChange(false)}>
            {t("records:showResults")}
          </Button>
        </>
      }
    >
      <FacetPanel {...panel} />
    </Drawer>
  );
}
