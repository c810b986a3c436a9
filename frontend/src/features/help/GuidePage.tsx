import { Link, useLocation } from "@tanstack/react-router";
import { type ComponentProps, type ComponentType, lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import Markdown, { defaultUrlTransform } from "react-markdown";
import type { Language } from "@/lib/i18n";
import { PageHeader } from "@/ui/PageHeader";
import { SkeletonRows } from "@/ui/Skeleton";
import { fragmentOf, type Guide, pictureOf, readGuide } from "./guide";

const PART_IS_ACTIVE = { exact: true, includeHash: true };
const DOCUMENT = /^(zh-CN|en)\.md$/;

/** A heading says what it is called in the address; its text is all there is in it. */
function Part({ children }: ComponentProps<"h2">) {
  return (
    <h2 id={fragmentOf(String(children))} className="mt-4 scroll-mt-4 font-semibold text-lg">
      {children}
    </h2>
  );
}

function Picture({ src, alt }: ComponentProps<"img">) {
  return (
    <img
      src={src}
      alt={alt}
      className="my-1 max-h-128 max-w-full rounded-lg border border-line-strong"
    />
  );
}

function Reference({ href = "", children }: ComponentProps<"a">) {
  const [, language] = DOCUMENT.exec(href) ?? [];
  const className = "text-accent underline";
  if (language) {
    return (
      <Link to="/help" search={{ language } as never} className={className} lang={language}>
        {children}
      </Link>
    );
  }
  if (href.startsWith("#")) {
    return (
      <Link
        to="."
        hash={href.slice(1)}
        search={true as never}
        activeOptions={PART_IS_ACTIVE}
        className={className}
      >
        {children}
      </Link>
    );
  }
  return (
    <a href={href} target="_blank" rel="noreferrer noopener" className={className}>
      {children}
    </a>
  );
}

const components = { h2: Part, a: Reference, img: Picture };

/** Nobody reads both languages at once: each is loaded when it is asked for. */
function inLanguage(language: Language, load: () => Promise<{ default: string }>): ComponentType {
  return lazy(async () => {
    const guide = readGuide((await load()).default);
    return { default: () => <Shown language={language} guide={guide} /> };
  });
}

const guides: Record<Language, ComponentType> = {
  "zh-CN": inLanguage("zh-CN", () => import("../../../../docs/user/zh-CN.md?raw")),
  en: inLanguage("en", () => import("../../../../docs/user/en.md?raw")),
};

/** The user guide, as it stands in the documentation. */
export function GuidePage({ language }: { language: Language }) {
  const { t } = useTranslation();
  const Guide = guides[language];
  return (
    <Suspense fallback={<SkeletonRows label={t("shell:help.title")} />}>
      <Guide />
    </Suspense>
  );
}

/** Whoever comes with a link to a part has arrived before the text is there. */
function usePartOfAddress({ parts }: Guide) {
  const hash = useLocation({ select: (location) => location.hash });
  const part = parts.find(({ id }) => id === hash || encodeURI(id) === hash)?.id;
  useEffect(() => {
    if (part !== undefined) document.getElementById(part)?.scrollIntoView();
  }, [part]);
}

function Shown({ language, guide }: { language: Language; guide: Guide }) {
  const { t } = useTranslation();
  usePartOfAddress(guide);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHeader title={guide.title} />
      <div className="flex min-h-0 flex-1 bg-panel phone:block phone:overflow-y-auto">
        <nav
          aria-label={t("shell:help.contents")}
          className="w-52 shrink-0 overflow-y-auto border-line border-r p-2 phone:w-full phone:border-r-0 phone:border-b"
        >
          <ul className="phone:flex phone:flex-wrap">
            {guide.parts.map(({ id, title }) => (
              <li key={id}>
                <Link
                  to="."
                  hash={id}
                  search={true as never}
                  activeOptions={PART_IS_ACTIVE}
                  className="flex min-h-7 items-center rounded-md px-2 text-fg2 hover:bg-hover hover:text-fg data-[status=active]:bg-hover data-[status=active]:font-medium data-[status=active]:text-fg phone:min-h-11"
                >
                  {title}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
          tabIndex={0}
          aria-label={guide.title}
          className="min-w-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
        >
          <article
            lang={language}
            className="mx-auto flex max-w-3xl flex-col gap-2.5 px-8 py-6 text-base leading-relaxed phone:px-4 phone:py-4 [&_:is(ol,ul)]:pl-5 [&_code]:rounded [&_code]:bg-hover [&_code]:px-1 [&_li]:my-1 [&_ol]:list-decimal [&_ul]:list-disc"
          >
            <Markdown
              components={components}
              urlTransform={(url) => pictureOf(url) ?? defaultUrlTransform(url)}
            >
              {guide.text}
            </Markdown>
          </article>
        </section>
      </div>
    </div>
  );
}
