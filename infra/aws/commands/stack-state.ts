// What the state of a CloudFormation stack means for somebody who wants to deploy it. Pure. The states are those of
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html

/** What is to be done before, or instead of, an update. */
export type StackDuty =
  /** There is nothing yet, or nothing but a change set that nobody carried out. */
  | "create"
  | "update"
  /** It never served: its creation failed. Only deleting it helps. */
  | "remove-first"
  /** Its last update failed, and so did the way back: CloudFormation has to be told to try that again. */
  | "roll-back-first"
  /** Somebody is at work on it. */
  | "wait";

const DUTIES: Readonly<Record<string, StackDuty>> = {
  REVIEW_IN_PROGRESS: "create",
  DELETE_COMPLETE: "create",
  CREATE_COMPLETE: "update",
  UPDATE_COMPLETE: "update",
  UPDATE_ROLLBACK_COMPLETE: "update",
  IMPORT_COMPLETE: "update",
  IMPORT_ROLLBACK_COMPLETE: "update",
  UPDATE_FAILED: "update", // by somebody who told CloudFormation not to roll back
  UPDATE_ROLLBACK_FAILED: "roll-back-first",
  CREATE_FAILED: "remove-first",
  ROLLBACK_COMPLETE: "remove-first",
  ROLLBACK_FAILED: "remove-first",
  DELETE_FAILED: "remove-first",
};

/** `status` is undefined when there is no such stack. A state that we do not know is somebody's work under way. */
export function dutyOf(status: string | undefined): StackDuty {
  return status === undefined ? "create" : (DUTIES[status] ?? "wait");
}

/** A sentence for each half-done state; undefined where there is nothing to be said. */
export function explainState(name: string, status: string | undefined): string | undefined {
  switch (dutyOf(status)) {
    case "create":
    case "update":
      return undefined;
    case "remove-first":
      return `${name} is ${status}: it was never finished, or was not deleted to its end. What is left of it is deleted first, then it is made anew.`;
    case "roll-back-first":
      return `${name} is ${status}: its last update failed, and so did the way back. The way back is taken again first.`;
    case "wait":
      return `${name} is ${status}: AWS is at work on it. Run this again when that is over (npm run aws -- status).`;
  }
}

/** Whether AWS has come to an end with it, well or badly. */
export const isSettled = (status: string): boolean => !status.endsWith("_IN_PROGRESS");

/** Whether what was asked for has been done. */
export const isAchieved = (status: string): boolean =>
  status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE" || status === "DELETE_COMPLETE";
