/// Nothing to call: linking this module checks the processor before `main` begins.
#pragma once
