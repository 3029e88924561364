"""Findings: where something is wrong, under which rule, how grave it is, and what would mend it.

An error of the ledger's rules refuses what a person does at the desk; what a journal tells has happened already, so
there it is posted and the finding stays beside it. A warning never refuses.
"""

from dataclasses import dataclass

from quipu.rules.returns.registry import CHECKS
from quipu.rules.severities import CRITICAL, ERROR, NOTE, SEVERITIES, WARNING, Rule

__all__ = ["CRITICAL", "ERROR", "NOTE", "SEVERITIES", "WARNING", "Finding", "Refused", "Rule", "rule_of", "severity"]

RULES: dict[str, Rule] = {
    # the file
    "file-empty": Rule(CRITICAL, "The file is empty. Ask the publisher for it again."),
    "file-unreadable": Rule(CRITICAL, "The file could not be opened or unpacked. Download it again."),
    "file-not-xml": Rule(CRITICAL, "The file is not XML. An error page may have been saved in its place."),
    "file-not-iati": Rule(CRITICAL, "The file is XML but holds no IATI activities (its root must be iati-activities)."),
    "file-broken": Rule(CRITICAL, "The XML breaks off or is malformed here. Whole activities before it were taken in."),
    "file-entities": Rule(CRITICAL, "The file declares XML entities. They are refused: publish it without a DTD."),
    "file-encoding": Rule(CRITICAL, "The bytes are not in the encoding the file declares. Save it as UTF-8."),
    "file-archive-name": Rule(WARNING, "A name in the archive leads outside of it. It was read under its last part."),
    "file-repaired": Rule(WARNING, "White space stood before the XML declaration and was skipped. Remove it."),
    "file-namespace": Rule(WARNING, "All elements stand in a default namespace. They were read by their local names."),
    "file-prefix": Rule(WARNING, "A prefix is used that no namespace declares. The rest was read. Declare it."),
    "file-wrapped": Rule(WARNING, "The activities stand inside another document. They were read where they stand."),
    "file-no-activities": Rule(ERROR, "The file holds no activity. If all were withdrawn, remove the file."),
    "file-organisations": Rule(NOTE, "An organisation file. It holds no activities and is kept as a source only."),
    "file-version": Rule(WARNING, "The version is missing or is none of the standard. Elements were read by what they are."),
    "file-compressed": Rule(NOTE, "The file is compressed though its name does not say so. It was unpacked."),
    # the activity
    "activity-no-identifier": Rule(ERROR, "The activity has no identifier and is left out. Give it an iati-identifier."),
    "activity-nested": Rule(ERROR, "An activity stands inside another one and is left out. Close the outer one."),
    "activity-duplicate": Rule(ERROR, "The identifier stands twice. The later version counts; the other is kept as a copy."),
    "activity-identifier-spaces": Rule(WARNING, "White space around the identifier was removed."),
    "activity-identifier-prefix": Rule(NOTE, "The identifier does not begin with the publisher's reference."),
    "activity-no-publisher": Rule(WARNING, "No reference of the reporting organization. Its name stands in for it."),
    "activity-hierarchy": Rule(WARNING, "The hierarchy is not a number from 1 up. It is read as 1."),
    "activity-status": Rule(WARNING, "The status is missing or no code of the standard. It is unknown, not assumed."),
    "activity-order": Rule(NOTE, "The identifier or the publisher stands behind the transactions; both were read."),
    "element-unknown": Rule(ERROR, "Element names are written in another case than the standard's. Rename them."),
    "text-shortened": Rule(WARNING, "A text is too long for a page and was shortened. The XML keeps all of it."),
    "text-markup": Rule(WARNING, "Markup stands inside a text. Its words were kept, the markup was not."),
    "text-language-attribute": Rule(WARNING, "The language stands in an attribute of another namespace. It was read."),
    "date-unreadable": Rule(WARNING, "A date is not written as YYYY-MM-DD and was left out."),
    "date-implausible": Rule(WARNING, "A date lies before 1945 or after 2100. It was kept as it is."),
    "shares-not-whole": Rule(WARNING, "Percentages do not sum to 100. Below it the rest is not stated; above, they are scaled."),
    "share-unreadable": Rule(WARNING, "A percentage is not a number from 0 up. It counts as not stated."),
    "code-unknown": Rule(WARNING, "A code is not in the standard's list. It was kept as it is."),
    # the transaction and the budget
    "transaction-no-date": Rule(ERROR, "The transaction has no date and is left out. Give it an iso-date."),
    "transaction-bad-date": Rule(ERROR, "The transaction's date is not a date and the transaction is left out."),
    "transaction-no-value": Rule(ERROR, "The transaction has no value and is left out. An empty value is not 0."),
    "transaction-bad-value": Rule(ERROR, "The transaction's value is not a decimal number and it is left out."),
    "transaction-type": Rule(WARNING, "The transaction type is missing or unknown. It counts as type unknown."),
    "transaction-letter": Rule(NOTE, "The type is a letter of IATI 1.x in a 2.x file. It was read as what it means."),
    "value-too-large": Rule(WARNING, "The value is too large to be added. It was kept as written and left out of totals."),
    "currency-unknown": Rule(WARNING, "Neither the amount nor the activity states a currency. It is unknown, not assumed."),
    "currency-odd": Rule(WARNING, "The currency is not written as three capital letters of ISO 4217."),
    "value-date-missing": Rule(NOTE, "No value date. Money is converted at the transaction's date."),
    "budget-refused": Rule(ERROR, "A budget without a readable period or value was left out."),
    "element-refused": Rule(ERROR, "The element could not be read and was left out. The rest of the activity was kept."),
    # the operator's texts
    "texts-unreadable": Rule(ERROR, "The text is not UTF-8 or cannot be opened, and is left out. Save it as UTF-8."),
    "texts-too-large": Rule(ERROR, "The text is larger than a page may be and is left out. Make several pages of it."),
    "texts-misplaced": Rule(NOTE, "Nothing reads this file. Texts stand in a language's folder, with a name of a-z, 0-9 and -."),
    "texts-placeholder": Rule(WARNING, "The word in braces is none that is filled in. It is printed as it stands."),
    "texts-settings": Rule(ERROR, "The settings cannot be read as TOML, so none of them counts. Mend the file."),
    "texts-setting": Rule(WARNING, "Nothing reads this setting, or its value is no text. It is left out."),
    "label-term": Rule(WARNING, "There is no such term, so its label is left out. The glossary's table has all keys."),
    "label-fund": Rule(WARNING, "No fund here has this code or identifier, so its labels stand nowhere. Check it."),
    "label-language": Rule(WARNING, "There is no such language, so its labels are left out."),
    "label-odd": Rule(WARNING, "A label is one line of at most 60 characters. This one is left out."),
}  # fmt: skip
LEDGER_RULES: dict[str, Rule] = {
    # refused at the desk
    "transfer-above-allocation": Rule(ERROR, "More would be transferred than was allocated. Approve an allocation first."),
    "transfer-above-cash": Rule(ERROR, "The agent does not hold that much. Record the deposits it is paid from first."),
    "transfer-without-mou": Rule(ERROR, "The organization has signed no MOU with the fund. Record it first."),
    "transfer-without-decision": Rule(ERROR, "No decision allocates money to this participation. Approve an allocation."),
    "allocation-above-available": Rule(ERROR, "More would be allocated than is available. Allocate less, or record deposits."),
    "allocation-without-decision": Rule(ERROR, "An allocation needs the decision it rests on. Name it, or attach its minutes."),
    "year-closed": Rule(ERROR, "The year is closed. Adjust it in the running year, or have the agent reopen it."),
    "participation-closed": Rule(ERROR, "It is financially closed: only refunds and interest arrive. Reopen it by a status."),
    "currency-without-base": Rule(ERROR, "An amount in another currency needs its amount in the fund's. State both."),
    "reversal-of-reversal": Rule(ERROR, "A reversal is not reversed. Post the voucher anew under a new key."),
    "cancelled-after-payment": Rule(ERROR, "Money was transferred, so it cannot be cancelled. Terminate it early instead."),
    "status-without-evidence": Rule(ERROR, "A change of status needs its evidence. Name it, or attach a document."),
    "correction-without-reason": Rule(ERROR, "A reversal, an adjustment or a reopened year needs its reason. State it."),
    "amount-not-positive": Rule(ERROR, "The amount must be above zero. The other way round is another movement."),
    "journal-without-approver": Rule(ERROR, "People work here. An agent approver other than the loader must sign it off."),
    "approved-by-author": Rule(ERROR, "Whoever wrote a voucher does not approve it. Ask another approver."),
    # a journal that does not say what stands
    "memo-differs": Rule(ERROR, "The texts are not those that the memo's hash seals. Restore them, or leave them out."),
    "balance-differs": Rule(ERROR, "The balance is another one than asserted."),
    # said, and posted
    "delivery-above-whole": Rule(WARNING, "More is spent than was funded. Check the return, or the refunds."),
    "balance-left": Rule(WARNING, "A balance is left on what was closed. Record its refund or write it off."),
    "indirect-cost-rate": Rule(WARNING, "Indirect cost is off the agreed rate. Check the return against the MOU."),
    "transfer-above-budget": Rule(WARNING, "More is transferred than budgeted. Record the budget's revision."),
    "setting-unknown": Rule(NOTE, "A setting that nothing here reads. It is kept and exported as it is."),
}  # fmt: skip
# What a writer to the office is told, beside the field.
LETTER_RULES: dict[str, Rule] = {
    "letter-empty": Rule(ERROR, "This is needed. Please fill it in."),
    "letter-too-long": Rule(ERROR, "This is too long. Please shorten it, or send it in two letters."),
    "letter-characters": Rule(ERROR, "Some characters cannot be read; they are shown as �. Please remove or retype them."),
    "letter-address": Rule(ERROR, "This is no e-mail address. Write it as name@example.org, or leave it empty."),
    "letter-choice": Rule(ERROR, "This is none of the choices. Please choose one of them."),
    "letter-trap": Rule(ERROR, "This field is a trap for machines. Please leave it empty and send again."),
    "letter-too-large": Rule(ERROR, "The letter is too large to be taken. Please shorten it, and send no files with it."),
    "letter-elsewhere": Rule(ERROR, "The letter did not come from a page of this site, so it was not taken."),
    "letter-no-form": Rule(ERROR, "What was sent is no form of this site, so nothing was kept."),
    "letters-of-sender": Rule(ERROR, "Many letters came from your connection. Please send this one in an hour."),
    "letters-of-day": Rule(ERROR, "Very many letters came today, so no more are taken. Please send this one tomorrow."),
    "letter-not-kept": Rule(ERROR, "The letter could not be kept here, so it has not arrived. Please send it again later."),
}  # fmt: skip
# What an office is told about its file of contacts.
CONTACT_RULES: dict[str, Rule] = {
    "contacts-unreadable": Rule(CRITICAL, "The file is no TOML in UTF-8, so it names no contact. Mend it there."),
    "contact-role": Rule(ERROR, "A contact without a role is left out. Say role = \"…\", in words that readers know."),
    "contact-of": Rule(ERROR, "It does not say whose contact it is, and is left out. Say of = \"identifier\"."),
    "contact-reply-to": Rule(ERROR, "There is no e-mail address to forward to. The office's is used. Say reply_to = \"…\"."),
    "contact-public": Rule(WARNING, "Whether a name is public is true or false. It is kept private."),
    "contact-twice": Rule(WARNING, "The same role stands twice for the same page. The first one counts."),
    "contact-word": Rule(NOTE, "A word that nothing here reads. Was another one meant?"),
}  # fmt: skip

DOCUMENT_RULES: dict[str, Rule] = {
    # left out until it is mended
    "document-unreadable": Rule(ERROR, "It cannot be read, is a link, or oddly named. Put the file itself here, named plainly."),
    "document-missing": Rule(ERROR, "No file stands beside this YAML. Put it here, or name the YAML after its file: FILE.yaml."),
    "document-unclear": Rule(ERROR, "It is not clear what belongs together. Keep one YAML for each file, named FILE.yaml."),
    "document-yaml": Rule(ERROR, "The YAML cannot be read: it is keys with their values, in UTF-8, without anchors."),
    "document-key-missing": Rule(ERROR, "A key is missing without which nobody finds the document. Add it."),
    "document-value": Rule(ERROR, "The key does not take this value."),
    "document-type-unknown": Rule(ERROR, "There is no such type of document. Choose one of the list."),
    "document-form": Rule(ERROR, "Files of this kind are not published. Save it as one of the kinds that are."),
    "document-content": Rule(ERROR, "The file is not what the end of its name says. Name it after what it is, or save it again."),
    "document-too-large": Rule(ERROR, "The file is larger than this site allows. Make it smaller, or raise QUIPU_DOCUMENT_MB."),
    "document-broken": Rule(ERROR, "The file is damaged and cannot be opened. Save or export it again."),
    "document-withheld": Rule(ERROR, "It was taken down and stays withheld. Put a corrected file in its place, or none."),
    "document-twice": Rule(ERROR, "The same file lies here twice. Keep one, and name in it all that it is about."),
    "document-changing": Rule(ERROR, "The file changed while it was read. Publish again."),
    # published without what is wrong
    "document-subject-unknown": Rule(ERROR, "It is about something that is not in this edition. Correct its name."),
    "document-supersedes": Rule(ERROR, "It takes the place of a document that is not public here. Correct its name."),
    # said, and published
    "document-key-unknown": Rule(WARNING, "There is no such key and it was ignored. Check its spelling."),
    "document-later": Rule(WARNING, "It is dated in the future. Check the year."),
    "document-words": Rule(WARNING, "Its words could not be read within the limits, so it is not found by them. Simplify it."),
    "document-alone": Rule(WARNING, "No YAML stands beside it, so it is not published. Write one, named FILE.yaml."),
    "document-no-words": Rule(NOTE, "It holds no text, as a scan does. Recognize its text and people will find it."),
    "document-internal": Rule(NOTE, "Its visibility is not said, so it is internal and not published. Say public to publish it."),
    "document-date-missing": Rule(NOTE, "No date is said. It stands at the end of lists."),
    "document-about-nothing": Rule(NOTE, "Nothing is said of what it is about. It stands in the list of documents alone."),
}  # fmt: skip

# What people at the desk are told; the rules of the ledger speak there too.
DESK_RULES: dict[str, Rule] = {
    # any record
    "changed-meanwhile": Rule(ERROR, "Somebody else changed it while you were writing. Look at what stands now and save again."),
    "field-missing": Rule(ERROR, "Something is needed here."),
    "reason-missing": Rule(ERROR, "Say why: the reason is kept beside the act."),
    # people and mandates
    "person-address-taken": Rule(ERROR, "Somebody with this e-mail address works here already. Give the mandate to them."),
    "person-unknown": Rule(ERROR, "Nobody of that code works here."),
    "person-left": Rule(ERROR, "This person no longer works here. Invite them again first."),
    "person-successor": Rule(ERROR, "A successor is another person who works here. Choose one."),
    "person-last-administrator": Rule(ERROR, "The last administrator cannot go. Make another one first."),
    "invitation-gone": Rule(ERROR, "The invitation was used, withdrawn or is too old. Ask whoever sent it for another one."),
    "mandate-unknown-role": Rule(ERROR, "There is no such role. Choose one of the list."),
    "mandate-without-scope": Rule(ERROR, "This role is always for a certain fund, project or organization. Choose which."),
    "mandate-administrator-scope": Rule(ERROR, "An administrator looks after the whole house. Leave the others empty."),
    "mandate-ends-before": Rule(ERROR, "The mandate would end before it begins. Correct one of its days."),
    "mandate-needs-end": Rule(ERROR, "The permission to read about people is for a time. Say its last day."),
    "mandate-to-oneself": Rule(ERROR, "Nobody hands a mandate to themselves. Ask another administrator."),
    "mandate-not-yours-to-give": Rule(ERROR, "Your own mandate does not reach that far. Ask an administrator of the house."),
    "mandate-confirmed-by-giver": Rule(ERROR, "Approvers and certifiers need a second administrator, and you were the first."),
    "mandate-not-waiting": Rule(ERROR, "This mandate is not waiting for a second administrator any more."),
    "mandate-withdrawn": Rule(ERROR, "This mandate was withdrawn already."),
    "mandate-scope-unknown": Rule(ERROR, "There is no such fund, project or organization in the books. Check the code."),
    # drafts of vouchers
    "draft-not-there": Rule(ERROR, "It does not stand where it did: somebody led it on already. Look at what stands now."),
    "draft-of-others": Rule(ERROR, "This draft is another voucher's already. Take a new row, or leave its key empty."),
    "draft-kind": Rule(ERROR, "There is no such kind of voucher. Choose one of the list."),
    "draft-not-yours": Rule(ERROR, "Your mandate does not reach this fund or this kind of voucher. Ask a finance officer of it."),
    "draft-words": Rule(ERROR, "The ledger cannot take it as it is written. Mend what is named."),
    "amount-two-ways": Rule(ERROR, "It can be read two ways, as thousands or as decimals. Write 1234.00 for thousands."),
    "amount-unreadable": Rule(ERROR, "This is no amount. Write digits, with the decimals behind one sign: 1234.56."),
    "amount-decimals": Rule(ERROR, "The currency has fewer decimals than that. Write the amount as it was paid."),
    "amount-needed": Rule(ERROR, "No amount is said. Fill in at least one."),
    "date-typed": Rule(ERROR, "This is no date. Write it as 2024-12-31."),
    "code-not-there": Rule(ERROR, "Nothing in the books has this code. Choose one of the list, or have it recorded first."),
    "code-of-another": Rule(ERROR, "This belongs to another fund. Choose one of the voucher's fund."),
    "original-incomplete": Rule(ERROR, "An amount in another currency needs both: the amount and its currency."),
    "voucher-not-there": Rule(ERROR, "No voucher was posted under this key. Copy it from the voucher's page."),
    "voucher-is-identified": Rule(ERROR, "This money is no longer to be identified. Look at the list of what is."),
    "workbook-unreadable": Rule(ERROR, "This is no workbook of ours. Download the template, fill it in and send it as .xlsx."),
    "workbook-too-large": Rule(ERROR, "The workbook has more rows than are taken at once. Send it in parts."),
    "workbook-column": Rule(ERROR, "A column is missing. Download the template again and copy your rows into it."),
    "workbook-row-twice": Rule(ERROR, "The same key stands in another row. Give each row its own, or leave the column empty."),
    # expenditure returns
    "return-not-there": Rule(ERROR, "It does not stand where it did: somebody led it on already. Look at what stands now."),
    "return-by-itself": Rule(ERROR, "Whoever wrote a word of a return does not certify it. Another person has to look at it."),
    "return-accepted-by-own": Rule(ERROR, "Whoever wrote or certified a return does not accept it. Ask another approver."),
    "return-needs-no-certifier": Rule(ERROR, "Interim figures are not certified. Submit them as they are."),
    "return-needs-certifier": Rule(ERROR, "Certified figures go to the certifier first. Hand the return over."),
    "return-year-closed": Rule(ERROR, "The year is closed. Correct it in the running year's return, or have it reopened."),
    "return-there-already": Rule(ERROR, "There is a return for this fund and year already. Go on with that one."),
    "return-not-owed": Rule(ERROR, "The organization has no project in this fund and year that could be reported on."),
    "return-unanswered": Rule(ERROR, "Each transfer is confirmed or disputed before certifying. Answer those that are named."),
    "return-empty": Rule(ERROR, "Nothing is said yet. Fill in amounts, or say that nothing was spent."),
    "return-row-unknown": Rule(ERROR, "There is no such row in this return. Download the workbook again and copy into it."),
    "return-row-locked": Rule(ERROR, "This return was handed over, so its rows are locked. Take it back first."),
    "waiver-rule": Rule(ERROR, "This rule cannot be waived. Choose one of the list."),
    "waiver-withdrawn": Rule(ERROR, "This waiver was withdrawn already."),
    "waiver-stands": Rule(ERROR, "The return is accepted. What was waived for it stays published with its figures."),
    "return-none-chosen": Rule(ERROR, "Nothing is ticked. Tick what it is for."),
    "return-several-organizations": Rule(ERROR, "One signature is for one organization. Tick returns of one alone."),
    "return-statement-changed": Rule(ERROR, "The statement is another one now. Read it again before you sign."),
    "return-correction": Rule(ERROR, "A correction needs a category, a year and an amount. Fill in all three, or none."),
    "workbook-row-closed": Rule(ERROR, "The draft of this row was submitted, posted or discarded. Take a new row."),
    # the year's end
    "deadline-unreadable": Rule(ERROR, "Write one a line: what is owed, then month and day, as annual-return 04-15."),
    "deadline-twice": Rule(ERROR, "The same deadline stands twice. Keep one line."),
    "dispensation-not-owed": Rule(ERROR, "Nothing of that kind is waited for any more, or more time cannot be given for it."),
    "dispensation-asked": Rule(ERROR, "It was asked for already and nobody has decided. Withdraw that first, or wait."),
    "dispensation-earlier": Rule(ERROR, "That is not later than the deadline as it stands. Choose a later day."),
    "dispensation-decided": Rule(ERROR, "It was decided or withdrawn already. Look at what stands now."),
    "dispensation-own": Rule(ERROR, "Whoever asked does not decide. Another person has to."),
    "remind-nobody": Rule(ERROR, "Nobody works here for what you chose, or nothing of it is missing. Choose others."),
    "closing-lacks": Rule(ERROR, "Something is missing. Tick that you close the year without it; it is kept by name."),
    "closing-early": Rule(ERROR, "The year is not over yet, so it cannot be closed."),
    "report-signed": Rule(ERROR, "This version is signed and stays as it is. Make a new version, with a reason."),
    "report-unsigned": Rule(ERROR, "Nobody has signed it yet."),
    "report-own": Rule(ERROR, "Whoever wrote its narrative does not sign its figures. Ask another approver."),
    "report-statement": Rule(ERROR, "Tick the statement: that is what you sign."),
    "report-early": Rule(ERROR, "The year is not over yet, so there is nothing to report on."),
    "report-no-fund": Rule(ERROR, "Nothing was paid or spent in that year, so there is nothing to report on."),
    "report-public": Rule(ERROR, "It is a document of the fund already. Look at its page."),
    "report-told": Rule(ERROR, "Everybody was told already. Whoever joins later is told then."),
    # workbooks of returns, and files from an organization's own program
    "return-contradicted": Rule(ERROR, "The row's key says something else than this cell. Put the two together again."),
    "return-comment-long": Rule(ERROR, "A comment has 2,000 characters at most. Shorten it."),
    "return-formula": Rule(ERROR, "This formula has no value. Open the file in your own program, save it, send it again."),
    "return-merged": Rule(ERROR, "Cells of several rows are merged, so it is not clear which row is meant. Take them apart."),
    "return-hidden": Rule(NOTE, "This row is hidden in the sheet and was read all the same. See whether it is meant."),
    "return-row-twice": Rule(ERROR, "The same row stands twice in the file. Keep one of them, or leave one empty."),
    "return-of-others": Rule(ERROR, "This workbook was made for another organization. Download your own."),
    "return-not-yours": Rule(ERROR, "Your mandate does not reach this fund. Ask a colleague whose does to send these rows."),
    "return-accepted": Rule(ERROR, "This return was accepted and posted. Restate it first, and say why."),
    "return-heads": Rule(ERROR, "It is not the workbook of this site. Say what its columns hold, or fill in the workbook."),
    "return-word-unknown": Rule(ERROR, "It is not said yet which category this word of yours is. Choose one for it."),
    "return-other-year": Rule(NOTE, "Rows of other years were left out."),
    "return-year-unread": Rule(ERROR, "This is no year. Write it with four digits, or as a date like 2024-12-31."),
    "return-fund-differs": Rule(ERROR, "The project belongs to another fund than this row says. Correct one of them."),
    "mapping-columns": Rule(ERROR, "Say which column holds the project, which the category, which the amount: each another one."),
    "mapping-head": Rule(ERROR, "A column that was chosen is not in this file any more. Choose again."),
    "mapping-name": Rule(ERROR, "Give it a name, so that you find it again next time."),
    "workbook-unmended": Rule(ERROR, "Nothing was written: some rows have to be mended first, or keep the good ones."),
    "run-gone": Rule(ERROR, "The file of this upload is not here any more. Send it again."),
    "sheets-kind": Rule(ERROR, "This is no table that is read here. Save it as .xlsx or .csv, and send that."),
    "sheets-old": Rule(ERROR, "It is in the format of before 2007, or locked with a password. Save it as .xlsx, without one."),
    "sheets-macros": Rule(ERROR, "The workbook holds macros, which are never taken. Save it as .xlsx, without macros."),
    "sheets-large": Rule(ERROR, "There is more in it than is read here. Copy the rows that count into a new workbook."),
    "sheets-broken": Rule(ERROR, "The file is damaged and cannot be opened. Open it in your own program and save it again."),
    "sheets-rows": Rule(ERROR, "It has more than 20,000 rows. Send it in parts."),
    "sheets-empty": Rule(ERROR, "There is no row in it. Look whether the right file was sent."),
    # documents that are handed in
    "document-empty": Rule(ERROR, "The file is empty. Look whether it was saved, and hand it in again."),
    "document-unexamined": Rule(ERROR, "The file could not be examined within the limits. Export it again, more simply."),
    "document-active": Rule(ERROR, "Something in it runs when it is opened: a script, a macro. Export it as a plain PDF."),
    "document-embedded": Rule(ERROR, "Other files lie inside it. Export it as PDF without them, and hand those in one by one."),
    "document-outside": Rule(ERROR, "It fetches something from elsewhere when it is opened. Remove that, or export it as PDF."),
    "document-two": Rule(ERROR, "It is two kinds of file in one, as no program makes it. Export it again."),
    "document-packed": Rule(ERROR, "It unpacks to far more than a document needs. Make it smaller, or export it as PDF."),
    "document-path": Rule(ERROR, "A name inside it leads out of the file. Export it again."),
    "document-entities": Rule(ERROR, "Its XML declares entities, as no office program does. Export it again."),
    "document-locked": Rule(ERROR, "It is locked by a password or a permission. Save it without, so that readers can open it."),
    "picture-too-large": Rule(ERROR, "The picture has more points than a screen can show. Make it smaller."),
    "document-virus": Rule(ERROR, "The scanner found a virus, so nothing of the file was kept. Tell whoever sent it to you."),
    "document-many": Rule(ERROR, "These were too many files at once. Those before it were taken; hand in the rest."),
    "document-waits": Rule(WARNING, "The file waits in quarantine until a scanner of viruses has looked at it."),
    "document-comments": Rule(WARNING, "It holds comments with the names of their writers. Remove them before it is public."),
    "document-changes": Rule(WARNING, "It holds tracked changes: what was deleted, and by whom. Accept them before."),
    "document-places": Rule(WARNING, "A picture inside says where it was taken. Compress or replace it before."),
    "document-named": Rule(NOTE, "Its name said otherwise than what it is. It is kept and served as what it is."),
    "document-unscanned": Rule(NOTE, "Not looked at for viruses: this house has no scanner."),
    "picture-place": Rule(NOTE, "Where the picture was taken was written in it. That, and all that is not picture, was removed."),
    "picture-drawn": Rule(NOTE, "The picture was drawn anew: whatever was hidden in its file is gone."),
    # documents that become public
    "document-no-file": Rule(ERROR, "There is no file that could be published. Hand one in."),
    "document-no-title": Rule(ERROR, "A title and a type are needed before it is public. Say them first."),
    "document-personal": Rule(ERROR, "Details of people stand in it. Replace it, keep it internal, or say why it is public."),
    "document-until-past": Rule(ERROR, "An embargo ends on a day that is still to come. Say which, or publish it now."),
    "document-until-public": Rule(ERROR, "It is public already, so nothing of it waits. Publish now, or make it internal first."),
    "document-question": Rule(ERROR, "This question needs an answer before it is public."),
    "document-consent": Rule(ERROR, "People can be recognized and have not consented. Keep it internal, or choose another."),
    "document-community": Rule(ERROR, "The community has not agreed, so the file is not published. List it without its file."),
    "document-voucher-unknown": Rule(ERROR, "There is no such voucher of this fund in the books. Check its key."),
    "document-circle": Rule(ERROR, "A document cannot take the place of itself, nor of one that takes its own. Choose another."),
    "document-not-waiting": Rule(ERROR, "It does not wait for anybody to release it."),
    "document-released-by-author": Rule(ERROR, "Whoever made it public does not release it. Another person has to look."),
    "document-was-public": Rule(ERROR, "It was public, so it is not thrown away. Make it internal instead."),
    "document-not-public": Rule(ERROR, "It is not public, and waits for nobody."),
    "document-same-file": Rule(ERROR, "This very file is here already. Look at the document that holds it."),
    # jobs, letters, tokens
    "job-not-failed": Rule(ERROR, "This job did not fail, or runs again already."),
    "letter-missing": Rule(ERROR, "There is no such letter any more."),
    "letter-closed": Rule(ERROR, "This letter is closed already."),
    "letter-no-reply": Rule(ERROR, "Its writer left no address, so nobody can answer it. Close it with an outcome."),
    "letter-nobody": Rule(ERROR, "No address is known for this letter's reader. Name one in contacts.toml."),
    "letter-not-told": Rule(ERROR, "Only the outcome of a correction is published."),
    "letter-outcome": Rule(ERROR, "Say in a sentence what became of it."),
    "token-verbs": Rule(ERROR, "Choose at least one thing that the token is for."),
    "token-never": Rule(ERROR, "No token does this: a person looks at each voucher that is approved."),
    "token-not-yours": Rule(ERROR, "A token may do nothing that you may not do yourself."),
    "token-too-long": Rule(ERROR, "A token is valid for a year at most, and from tomorrow on. Choose its last day."),
    "token-second-factor": Rule(ERROR, "Grave acts by a token need your second factor. Set one up first."),
    "token-gone": Rule(ERROR, "This token was withdrawn already."),
    # taking down and publishing
    "quality-unanswered": Rule(ERROR, "Findings of the quality list are not answered yet. Mend them, or say why they go out."),
    "publication-meanwhile": Rule(ERROR, "Another edition went out meanwhile. Look at it, then publish if it is still needed."),
    "publication-runs": Rule(ERROR, "An edition is being made already. Wait until it is there."),
    "takedown-kind": Rule(ERROR, "This is nothing that can be withheld. Choose one of the list."),
    "takedown-hash": Rule(ERROR, "A document is named by its whole SHA-256: 64 signs of 0-9 and a-f, as its page shows it."),
    "takedown-role": Rule(ERROR, "There is no such text. Choose title, description, contact, result, transaction, place, link."),
    "takedown-name": Rule(ERROR, "So short a name stands in many other words. Write it as it is written out."),
    # funds, programmes and what is told of them
    "record-unknown": Rule(ERROR, "There is no such fund, project or organization in the books. Check the code."),
    "record-taken": Rule(ERROR, "This code is in use already. Codes are never used twice: choose another one."),
    "document-not-kept": Rule(ERROR, "No file with this hash is kept here. Hand it in first."),
    "memorandum-there": Rule(ERROR, "This organization has a memorandum with this fund already. Change that one."),
    "record-code": Rule(ERROR, "A code is letters, digits, dots, dashes and underscores, at most 64 of them."),
    "record-sealed": Rule(ERROR, "Entries rest on this and it stays as it is."),
    "record-unsayable": Rule(ERROR, "A journal could not say this, so no export would hold it. Write it in another way."),
    "identifier-taken": Rule(ERROR, "Another fund or project publishes under this identifier. Each has one of its own."),
    "currency-unknown-code": Rule(ERROR, "There is no such currency. Use its code of three letters, like USD."),
    "rate-unreadable": Rule(ERROR, "A rate is a number in per cent from 0 to 100."),
    "amount-negative": Rule(ERROR, "The amount has to be above zero."),
    "days-reversed": Rule(ERROR, "The end lies before the beginning. Correct one of the days."),
    "portion-unreadable": Rule(ERROR, "Write one a line: a code, then a name if it has one, then its share, as PE Peru 60%."),
    "portion-twice": Rule(ERROR, "The same code stands twice. Keep one line and add up the shares."),
    "portions-not-whole": Rule(ERROR, "Shares have to sum to 100%. Correct them, or state none at all."),
    "portions-some": Rule(ERROR, "Either every line has a share or none has."),
    "line-unreadable": Rule(ERROR, "This line cannot be read. Write it as the hint shows."),
    "window-elsewhere": Rule(ERROR, "The window belongs to another fund. Choose one of this fund."),
    "participant-has-money": Rule(ERROR, "Money moved for this participation, so it stays. Close it instead."),
    "instalments-exceed": Rule(WARNING, "The instalments sum to more than the agreement's amount. Is an amendment missing?"),
    "extension-earlier": Rule(ERROR, "The project ends later than that already. Choose a later day."),
    "evidence-missing": Rule(ERROR, "Say on what ground, or attach the document that shows it."),
    "section-unknown": Rule(ERROR, "There is no such section on this factsheet."),
    "section-language": Rule(ERROR, "Factsheets are told in the languages of this site. Choose one of them."),
    "section-too-long": Rule(ERROR, "The text is too long for one section. Make two of it, or upload it as a document."),
    "text-unreadable": Rule(ERROR, "The text holds a character that no file can hold. Type it again."),
    "section-not-waiting": Rule(ERROR, "This version does not wait for anybody any more. Look at what stands now."),
    "section-own": Rule(ERROR, "You wrote this version yourself. This fund asks for another person to release it."),
    "contact-role-missing": Rule(ERROR, "Say the role: it is what the public sees instead of a name."),
    "contact-consent-missing": Rule(ERROR, "Nothing of a person is shown without consent. Say when it was given, and by whom."),
    "contact-consent-ends": Rule(ERROR, "The consent ends before it was given. Correct one of the days."),
    "contact-consent-later": Rule(ERROR, "A consent that is not given yet counts for nothing. Correct the day."),
    "contact-ended": Rule(ERROR, "This contact was ended already."),
    "shown-not-yours": Rule(ERROR, "Only the person themself agrees to be named, and takes that back."),
    # organizations
    "organization-alone": Rule(ERROR, "An organization is not merged into itself. Choose another one."),
    "organization-merged": Rule(ERROR, "This organization is shown as another one already. Undo that first."),
    "organization-circle": Rule(ERROR, "The other one is shown as this one already. Undo that first."),
    "merger-undone": Rule(ERROR, "This merger was undone already."),
    "scheme-unknown": Rule(ERROR, "An identifier is of one of these lists: iati, ledger, identifier."),
    # revolving funds of communities
    "box-below-zero": Rule(ERROR, "There is not that much in the box on that day. Check the amount and the day."),
    "box-later": Rule(ERROR, "That day has not come yet. Write down what happened, on its day."),
    "box-currency": Rule(ERROR, "There is no such currency. Choose one of the list."),
    "box-without-reason": Rule(ERROR, "Say why: a reversal and a write-off keep their reason."),
    "loan-not-lent": Rule(ERROR, "This loan was not lent by that day. Check its number and the day."),
    "loan-lent-twice": Rule(ERROR, "A loan of this number stands already. Take the next free number."),
    "loan-first-day": Rule(ERROR, "The first instalment falls due after the day of the loan. Correct one of the days."),
    "loan-moved-since": Rule(ERROR, "Payments of this loan stand. Reverse them first, the last one before the others."),
    "loan-terms": Rule(ERROR, "No loan can be kept under this. Look at the limits beside the field."),
    "payment-above-owed": Rule(ERROR, "More would be paid than is owed. Pay what is owed, or reverse what is wrong."),
    "write-off-not-whole": Rule(ERROR, "A write-off takes all that is outstanding of the loan, and nothing else."),
    # results
    "result-title-missing": Rule(ERROR, "Say what it is called, in one language at least."),
    "result-number-taken": Rule(ERROR, "Another one has this number. Choose a free one."),
    "result-kind": Rule(ERROR, "There is no such kind, direction or list. Choose one of those that are offered."),
    "result-kind-sealed": Rule(ERROR, "Readings were approved, so its kind and unit stay. End it, and make another one."),
    "result-elsewhere": Rule(ERROR, "It belongs to another programme. Choose one of this programme's."),
    "result-ended": Rule(ERROR, "It was ended. Nothing is added to it any more."),
    "result-measured-twice": Rule(ERROR, "Another indicator of the programme measures this already; it would count twice."),
    "result-value-missing": Rule(ERROR, "Say the value."),
    "result-count": Rule(ERROR, "A count is a whole number from 0 up."),
    "result-parts": Rule(ERROR, "Write both parts with / between them, the whole above 0: 91/200. A percentage may stand alone."),
    "result-yes-no": Rule(ERROR, "Say yes or no."),
    "result-milestone": Rule(ERROR, "Say how far it has come: not begun, begun, reached, or dropped."),
    "result-text": Rule(ERROR, "The text is too long, or holds a character that no file can hold."),
    "result-cell": Rule(ERROR, "This part is none of the indicator's lists. Choose one that is offered."),
    "result-cells-above": Rule(ERROR, "The parts are more than the whole. Correct one of them; nothing is forced to add up."),
    "result-cells-below": Rule(NOTE, "The parts are less than the whole. The rest counts as not stated."),
    "target-same": Rule(ERROR, "The target of this period is that already."),
    "period-backwards": Rule(ERROR, "The period ends before it begins. Correct one of the days."),
    "period-to-come": Rule(ERROR, "The period has not ended yet, so nothing was read of it. Correct the day."),
    "period-locked": Rule(ERROR, "This period is locked. Whoever locks periods can open it again, with a reason."),
    "period-overlaps": Rule(ERROR, "Another reporting period covers some of these days. Correct one of them."),
    "reading-source-missing": Rule(ERROR, "Say who gives this value: a report, a register, a visit, a publication."),
    "reading-link": Rule(ERROR, "A link begins with https:// or http://."),
    "reading-not-there": Rule(ERROR, "The reading stands elsewhere by now. Look at what stands, and choose again."),
    "reading-by-itself": Rule(ERROR, "You wrote in it yourself. Another person approves it."),
    "reading-locked": Rule(ERROR, "It waits for approval, or was approved. Take it back first, or write another one."),
    "reading-not-approved": Rule(ERROR, "Only an approved reading can be the one that is reported."),
    "reading-counted": Rule(ERROR, "This indicator counts a register. Its value is what stands there, and is not typed."),
    "readings-differ": Rule(WARNING, "Sources differ about this period. Choose the one that is reported, and say why."),
    "beneficiaries-cell": Rule(ERROR, "There is no such cell in the table of beneficiaries."),
    "beneficiaries-people": Rule(ERROR, "Women and men together are more than people in all. Correct one of them."),
}  # fmt: skip


def severity(rule: str) -> str:
    """How grave a rule's breach is."""
    return rule_of(rule).severity


def rule_of(name: str) -> Rule:
    """The rule of that name: a return's, a source's, a document's, the ledger's, a letter's, the desk's or a contact's."""
    if name in CHECKS:
        return CHECKS[name]
    for rules in (RULES, DOCUMENT_RULES, LEDGER_RULES, LETTER_RULES, DESK_RULES):
        if name in rules:
            return rules[name]
    return CONTACT_RULES[name]


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach of a rule: where (a key, a file and line), and the figures that show it."""

    rule: str
    place: str
    detail: str = ""

    @property
    def severity(self) -> str:
        """How grave it is."""
        return severity(self.rule)

    def __str__(self) -> str:
        told = f" ({self.detail})" if self.detail else ""
        return f"{self.place}: {self.severity}: {rule_of(self.rule).sentence}{told} [{self.rule}]"


class Refused(Exception):
    """A rule says no, and nothing was changed. findings: all of them at once, each with its place."""

    def __init__(self, *findings: object) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings
