/** A page to which a link with a code leads. A button uses the code: programs that look into mails follow links, but
 * press no buttons. */
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { HOME } from "../../app/pages";
import { Form } from "../../components/Form";
import { Narrow } from "./Narrow";
import { useCode } from "./useCode";
import { words } from "./words";

interface Props {
  title: string;
  text: string;
  action: string;
  onCode: (code: string, values: Record<string, string>) => Promise<void>;
  children?: ReactNode;
}

export function CodePage({ title, text, action, onCode, children }: Props) {
  const code = useCode();
  const [, navigate] = useLocation();
  return (
    <Narrow title={title}>
      {code === "" ? (
        <p>{words.noCode}</p>
      ) : (
        <>
          <p>{text}</p>
          <Form
            submit={action}
            onSubmit={(values) => onCode(code, values)}
            onDone={() => navigate(HOME, { replace: true })}
          >
            {children}
          </Form>
        </>
      )}
    </Narrow>
  );
}
