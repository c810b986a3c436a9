import type { ComponentProps } from "react";
import Markdown from "react-markdown";

/** A heading inside an entry is a strong line, not a part of the page. */
function Line({ children }: ComponentProps<"p">) {
  return <p className="font-semibold">{children}</p>;
}

function Outside({ href, children }: ComponentProps<"a">) {
  return (
    <a href={href} target="_blank" rel="noreferrer noopener" className="text-accent underline">
      {children}
    </a>
  );
}

const components = { h1: Line, h2: Line, h3: Line, h4: Line, h5: Line, h6: Line, a: Outside };

/** Text in Markdown. HTML in it stands as it was typed; pictures of other places are not loaded. */
export function MarkdownText({ text }: { text: string }) {
  return (
    <Markdown components={components} disallowedElements={["img"]} unwrapDisallowed>
      {text}
    </Markdown>
  );
}
