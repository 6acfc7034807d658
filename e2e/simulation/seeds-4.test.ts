import { describeSeeds } from "./seeds-for-tests.ts";

describeSeeds(751, 250);
