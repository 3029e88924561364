"""What types of fields are called where somebody makes a register of their own."""

from quipu.rules.registers.fields import Type

TYPES = {
    Type.TEXT: "Words",
    Type.CHOICE: "One of a list",
    Type.NUMBER: "Whole number",
    Type.MONEY: "Amount of money",
    Type.PAYMENTS: "Several amounts with their days",
    Type.DAY: "Day",
    Type.YES_NO: "Yes or no",
    Type.PLACE: "District or place",
    Type.ORGANIZATION: "Organization",
    Type.DOCUMENT: "Document",
    Type.PERSON: "Name of a person",
}
