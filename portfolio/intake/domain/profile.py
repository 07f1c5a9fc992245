"""The questions whose yes or no decides later what a project is obliged to. Source: DOMAIN E1, trigger logic."""

QUESTIONS: dict[str, str] = {
    "health_information": "Touches protected health information",
    "substance_use": "Touches substance use disorder records",
    "health_system": "A system with health information is new or changed",
    "cloud": "Uses a cloud or an outside vendor",
    "patient_facing": "Patients use it, on the web or in an app",
    "occupied": "Construction in an occupied clinical area",
    "structure": "Changes structure, ways out or utilities",
    "medical_gas": "Changes medical gas",
    "compounding": "Touches compounding of drugs",
    "imaging": "Imaging or radiation",
    "laboratory": "Touches the laboratory",
    "emergency_flow": "Changes the flow of the emergency department",
    "decision_support": "Artificial intelligence or decision support",
    "device": "A medical device",
    "controlled": "Controlled substances",
    "payments": "Takes payments by card",
    "physician_pay": "Changes how physicians are paid",
    "service_change": "Changes beds or services",
    "research": "Research",
    "european": "Data of people in the European Union",
}
