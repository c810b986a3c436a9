import { useQuery } from "@tanstack/react-query";
import { type ComponentProps, useMemo } from "react";
import Markdown, { defaultUrlTransform } from "react-markdown";
import { meQuery } from "@/api/me";
import type { Ref } from "@/api/types";
import { cn } from "@/lib/cn";
import { isPerson, mentionsIn, personOf } from "./mention-markdown";

/** A heading inside an entry is a strong line, not a part of the page. */
function Line({ children }: ComponentProps<"p">) {
  return <p className="font-semibold">{children}</p>;
}

/** A colleague who is mentioned; one's own name stands out. */
function Mention({ id, children }: ComponentProps<"span">) {
  const isMe = useQuery(meQuery()).data?.id === id;
  return (
    <span
      className={cn(
        "rounded bg-accent-soft px-1 text-accent-strong",
        isMe && "font-semibold ring-1 ring-accent",
      )}
    >
      {children}
    </span>
  );
}

function Reference({ href = "", children }: ComponentProps<"a">) {
  if (isPerson(href)) return <Mention id={personOf(href)}>{children}</Mention>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener" className="text-accent underline">
      {children}
    </a>
  );
}

const components = { h1: Line, h2: Line, h3: Line, h4: Line, h5: Line, h6: Line, a: Reference };

const urlTransform = (url: string) => (isPerson(url) ? url : defaultUrlTransform(url));

interface MarkdownTextProps {
  text: string;
  /** Who is mentioned, by present names; others are not shown as mentioned. */
  mentions: Ref[];
}

/** Text in Markdown. HTML in it stands as it was typed; pictures of other places are not loaded. */
export function MarkdownText({ text, mentions }: MarkdownTextProps) {
  const plugins = useMemo(() => [() => mentionsIn(mentions)], [mentions]);
  return (
    <Markdown
      components={components}
      remarkPlugins={plugins}
      urlTransform={urlTransform}
      disallowedElements={["img"]}
      unwrapDisallowed
    >
      {text}
    </Markdown>
  );
}
