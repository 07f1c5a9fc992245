"""What a person has to do in intake, each as a sentence that begins with a verb."""

from portfolio.intake.models import MandatoryGround, ProjectRequest

DECIDE = "Decide on a request"
VERIFY = "Verify a ground"
ANSWER = "Answer a question about your request"
SPONSOR = "Say whether you sponsor a request"
FINISH = "Complete and submit your draft"


def about(request: ProjectRequest) -> str:
    return f"{request.number} {request.title}"


def about_ground(ground: MandatoryGround) -> str:
    return about(ground.request)
