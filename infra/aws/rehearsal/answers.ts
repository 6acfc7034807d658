// What the gateway answers in AWS's place, in AWS's words.
import type { ServerResponse } from "node:http";
import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";

export function answerXml(outgoing: ServerResponse, status: number, body: string): true {
  outgoing.writeHead(status, { "content-type": "text/xml" }).end(body);
  return true;
}

export function answerJson(outgoing: ServerResponse, status: number, value: unknown): true {
  outgoing.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(value));
  return true;
}

const METADATA = "<ResponseMetadata><RequestId>rehearsal</RequestId></ResponseMetadata>";

/** moto, asked for a stack that is gone, makes its resources again. */
export function ofDeletedStack(operation: string, id: string): string | undefined {
  const time = new Date(0).toISOString();
  switch (operation) {
    case "DescribeStacks":
      return resultAnswer(
        operation,
        `<Stacks><member><StackId>${id}</StackId><StackName>${id.split("/")[1]}</StackName><CreationTime>${time}</CreationTime><StackStatus>DELETE_COMPLETE</StackStatus></member></Stacks>`,
      );
    case "DescribeStackEvents":
      return resultAnswer(operation, "<StackEvents/>");
    case "ListStackResources":
      return resultAnswer(operation, "<StackResourceSummaries/>");
    default:
      return undefined;
  }
}

const resultAnswer = (operation: string, result: string): string =>
  `<${operation}Response><${operation}Result>${result}</${operation}Result>${METADATA}</${operation}Response>`;

export function targetsAnswer(targets: readonly TargetHealthDescription[]): string {
  const members = targets.map(
    ({ Target, TargetHealth }) =>
      `<member><Target><Id>${Target?.Id}</Id><Port>${Target?.Port}</Port></Target><TargetHealth><State>${TargetHealth?.State}</State></TargetHealth></member>`,
  );
  return resultAnswer(
    "DescribeTargetHealth",
    `<TargetHealthDescriptions>${members.join("")}</TargetHealthDescriptions>`,
  );
}

export const templateAnswer = (template: string): string =>
  resultAnswer("GetTemplate", `<TemplateBody>${escaped(template)}</TemplateBody>`);

export const errorAnswer = (code: string, message: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>rehearsal</RequestId></ErrorResponse>`;

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
