"""The rules of a return, in one table: what the error says, what the help page tells, and what a workbook's cells refuse.

A rule that blocks has to be mended, or waived by the agent: by name, with a reason and a day that are published with the
figure. A rule that warns wants a comment beside the figure. A note only tells. `checks` judges by the same names.
"""

from dataclasses import dataclass

from quipu.rules.severities import ERROR, NOTE, WARNING, Rule

BLOCKS, WARNS, NOTES = ERROR, WARNING, NOTE
# What a cell of the workbook refuses or remarks by itself, before anything is sent
WHOLE_CENTS, ONLY_LISTED, NOT_NEGATIVE, AT_MOST, COMMENT_BESIDE = (
    *("whole cents", "only what is listed", "not negative", "at most"),
    "comment beside",
)


@dataclass(frozen=True, slots=True)
class Check(Rule):
    """A rule of a return. why: what it is for and how to do it right; cell: what the workbook does about it, "" for nothing.

    waivable: whether the agent may waive it.
    """

    why: str = ""
    cell: str = ""
    waivable: bool = False


CHECKS: dict[str, Check] = {
    "return-project": Check(
        BLOCKS,
        "Your organization has no such project in this fund and year. Use the rows of the workbook, or your own project number.",
        "A return holds the projects in which your organization has work. A project that is missing is recorded by the "
        "portfolio manager first.",
        ONLY_LISTED,
    ),
    "return-category": Check(
        BLOCKS,
        "There is no such expense category. Choose one of the list.",
        "Spending is reported in the categories that all organizations of the funds agreed on.",
        ONLY_LISTED,
    ),
    "return-category-era": Check(
        BLOCKS,
        "This category is not one of the year's own. Years before 2012 have six categories, later ones eight.",
        "The categories changed with the year 2012, and figures are never converted from one set to the other.",
        ONLY_LISTED,
    ),
    "return-amount": Check(
        BLOCKS,
        "This is no amount. Write digits, with the decimals behind one sign: 1234.56.",
        "Amounts are exact. A text that could be read two ways is never guessed: write 1234.00 for a thousand.",
        WHOLE_CENTS,
    ),
    "return-decimals": Check(
        BLOCKS,
        "The currency has fewer decimals than that. Write the amount as it was booked, without forcing sums.",
        "Books keep whole minor units of the fund's currency.",
        WHOLE_CENTS,
    ),
    "return-currency": Check(
        BLOCKS,
        "The file states another currency than the fund's. Convert it by your own books, and state the fund's.",
        "A return is in the fund's currency. Your organization converts at its own rates, as its books do.",
    ),
    "return-sum": Check(
        BLOCKS,
        "The total that is stated is not the sum of its rows. Correct one of them; nothing is forced to add up.",
        "A total beside the rows shows a row that was left out or typed twice.",
    ),
    "return-before-start": Check(
        BLOCKS,
        "Nothing had been paid for the project by the end of that year. Report it in the year in which it was spent.",
        "Work begins with the first transfer. Where the agreement allowed earlier spending, the agent waives this.",
        waivable=True,
    ),
    "return-after-closure": Check(
        BLOCKS,
        "The project is financially closed: no further spending is possible. Correct the row, or ask the agent to reopen it.",
        "After the certified final statement only refunds and interest may arrive.",
    ),
    "return-after-end": Check(
        WARNS,
        "The work ended before that year. Say what was still paid, for work done before the end.",
        "After operational closure only obligations from before it are settled.",
        COMMENT_BESIDE,
        waivable=True,
    ),
    "return-negative": Check(
        BLOCKS,
        "A category's total cannot be below zero. Correct an earlier year in its own row, as a prior-year adjustment.",
        "What was spent in a year is not negative; what takes back an earlier year's spending says which year.",
        NOT_NEGATIVE,
        waivable=True,
    ),
    "return-indirect": Check(
        WARNS,
        "Indirect support costs are not the agreed rate of the direct costs. Say why.",
        "The rate stands in the memorandum with the fund, seven per cent unless it says otherwise; a minor unit is rounding.",
        COMMENT_BESIDE,
    ),
    "return-below-certified": Check(
        WARNS,
        "Spending since the beginning is below what was certified last. Say which figure was wrong.",
        "Certified spending does not shrink without a reason that everybody can read.",
        COMMENT_BESIDE,
    ),
    "return-above-funded": Check(
        WARNS,
        "Spending is above the money received for the project. Say from what it was paid in advance.",
        "Some organizations pay in advance; others typed a digit too many.",
        COMMENT_BESIDE,
    ),
    "return-above-budget": Check(
        WARNS,
        "Spending is above the category's budget by more than the fund's limit. Say who agreed to the shift.",
        "Up to the fund's limit, fifteen per cent unless it says otherwise, a category may be exceeded; "
        "above it a decision is needed.",
        AT_MOST,
    ),
    "return-above-plan": Check(
        WARNS,
        "Spending is above the year's plan for the category by more than the fund's limit. "
        "Say what was done earlier than planned.",
        "Where budgets were set by year, a year that runs far ahead is explained.",
        AT_MOST,
    ),
    "return-zero": Check(
        WARNS,
        "Nothing is reported though money came in or was spent before. Say why nothing was spent, or fill in what was.",
        "An empty year of a project at work is either true and worth a sentence, or a row that was forgotten.",
        COMMENT_BESIDE,
    ),
    "return-adjustment": Check(
        WARNS,
        "A correction of a closed year needs a comment. Say what it corrects.",
        "It stands apart in the running year, with its comment, and may be negative.",
        COMMENT_BESIDE,
    ),
    "return-adjusts": Check(
        BLOCKS,
        "Only a closed year before the return's own is corrected so. Report an open year in its own return.",
        "Until a year's consolidated report is out, its return is restated instead.",
    ),
    "return-interest": Check(
        NOTES,
        "No interest is said though money lay with your organization over the year. If none was earned, write 0.",
        "Interest earned on the fund's money belongs to the fund, unless the memorandum leaves it with the organization.",
    ),
    "return-refund": Check(
        WARNS,
        "The refund is not what the agent's books hold for the year. Say when it was sent, and under which reference.",
        "What was sent back in December may have arrived in January.",
        COMMENT_BESIDE,
    ),
    "return-disputed": Check(
        WARNS,
        "A transfer is disputed. Say what your books hold instead.",
        "The agent compares the statement of account with your comment before accepting.",
    ),
    "return-balance": Check(
        WARNS,
        "Money is left after the final statement. Say when it is refunded, or that it is below the fund's small-balance limit.",
        "A final statement ends with a refund of what was not spent.",
        COMMENT_BESIDE,
    ),
    "return-changed": Check(
        NOTES,
        "It differs from the last accepted version of this row. Both stay visible, with the difference.",
        "A restated figure is public beside the one it replaces.",
    ),
}
